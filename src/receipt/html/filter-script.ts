/**
 * What makes the page answer: choose by answer, look for text. Sent as text and run in a browser that may be
 * years older than this program, so it is written out plainly; it makes no markup from text, and asks nobody
 * for anything. Without it the page shows everything.
 */
export const FILTER_SCRIPT = `"use strict";
(() => {
  const items = Array.from(document.querySelectorAll(".item"));
  const sheet = document.querySelector(".sheet");
  const rows = Array.from(sheet.children);
  const picks = Array.from(document.querySelectorAll("[data-answer]"));
  const search = document.getElementById("search");
  const shown = document.getElementById("shown");
  const none = document.getElementById("none");
  const everything = document.getElementById("everything");
  const plain = (text) => text.normalize("NFC").toLowerCase();
  const numbers = new Intl.NumberFormat("en-US");
  let texts = null; // read when somebody first looks for something: it takes a moment on a long page

  const apply = () => {
    const answers = picks
      .filter((pick) => pick.getAttribute("aria-pressed") === "true")
      .map((pick) => pick.dataset.answer);
    const words = plain(search.value).split(/\\s+/).filter((word) => word !== "");
    if (words.length > 0 && texts === null) texts = items.map((item) => plain(item.textContent));
    let count = 0;
    // Out of sight while it changes: a browser takes seconds to hide thousands of photos one by one.
    const scrolled = window.scrollY;
    sheet.hidden = true;
    sheet.getBoundingClientRect();
    items.forEach((item, at) => {
      const own = item.dataset.answers.split(" ");
      const fits =
        (answers.length === 0 || answers.some((answer) => own.includes(answer))) &&
        words.every((word) => texts[at].includes(word));
      item.hidden = !fits;
      if (fits) count += 1;
    });
    // The heading of a day goes with its photos.
    let isDayEmpty = true;
    for (const row of rows.slice().reverse()) {
      if (!row.classList.contains("day")) isDayEmpty = isDayEmpty && row.hidden;
      else {
        row.hidden = isDayEmpty;
        isDayEmpty = true;
      }
    }
    sheet.hidden = false;
    window.scrollTo({ top: scrolled, behavior: "instant" });
    const all = answers.length === 0 && words.length === 0;
    shown.textContent = all
      ? "Showing all " + numbers.format(items.length) + "."
      : "Showing " + numbers.format(count) + " of " + numbers.format(items.length) + ".";
    none.hidden = count > 0;
    everything.hidden = all;
  };

  const clear = () => {
    for (const pick of picks) pick.setAttribute("aria-pressed", "false");
    search.value = "";
    apply();
  };

  for (const pick of picks) {
    pick.disabled = false;
    pick.addEventListener("click", () => {
      const isPressed = pick.getAttribute("aria-pressed") === "true";
      for (const twin of picks.filter(({ dataset }) => dataset.answer === pick.dataset.answer))
        twin.setAttribute("aria-pressed", String(!isPressed));
      apply();
      if (pick.dataset.scroll !== undefined) document.getElementById("photos").scrollIntoView();
    });
  }
  let isDue = false;
  search.addEventListener("input", () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      apply();
    });
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Escape") clear();
  });
  everything.addEventListener("click", () => {
    clear();
    search.focus();
  });
  document.querySelector(".find").hidden = false;

  // A picture that came off the phone damaged: the drawing takes its place.
  const redraw = (image) => {
    const spare = document.getElementById("spare").firstElementChild.cloneNode(true);
    image.replaceWith(spare);
  };
  const isPicture = (target) => target instanceof HTMLImageElement;
  document.addEventListener("error", ({ target }) => isPicture(target) && redraw(target), true);
  for (const image of Array.from(document.images)) if (image.complete && image.naturalWidth === 0) redraw(image);
  shown.textContent = "Showing all " + numbers.format(items.length) + ".";
})();
`;
