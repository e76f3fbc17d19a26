import { LATER_PHOTOS_SCRIPT } from "./later-photos-script.js";

/** So many tiles are made at once; the rest when somebody comes to their end. */
const AT_ONCE = 500;

/**
 * What makes the page answer: choose by answer, look for text, show the photos that it holds as data. Sent as text
 * and run in a browser that may be years older than this program, so it is written out plainly; it makes no markup
 * from text, and asks nobody for anything. Without it the page shows its first photos whole, and names the others.
 */
export const FILTER_SCRIPT = `"use strict";
(() => {
  const sheet = document.querySelector(".sheet");
  const picks = Array.from(document.querySelectorAll("[data-answer]"));
  const search = document.getElementById("search");
  const shown = document.getElementById("shown");
  const none = document.getElementById("none");
  const everything = document.getElementById("everything");
  const more = document.getElementById("more");
  const plain = (text) => text.normalize("NFC").toLowerCase();
  const numbers = new Intl.NumberFormat("en-US");
${LATER_PHOTOS_SCRIPT}
  let dayOfRow = "";
  const photos = Array.from(sheet.children).flatMap((row) => {
    if (row.classList.contains("day")) dayOfRow = row.textContent;
    if (!row.classList.contains("item")) return [];
    const own = { answers: row.dataset.answers.split(" "), day: dayOfRow };
    return [{ ...own, text: () => row.textContent, tile: () => row }];
  });
  const inPage = photos.length;
  const holders = Array.from(document.querySelectorAll("script[data-photos]"));
  const total = holders.reduce((sum, { dataset }) => sum + Number(dataset.photos), inPage);
  let isRead = total === inPage;
  // A long list is read when somebody first asks for more than its beginning.
  const readAll = () => {
    if (isRead) return;
    isRead = true;
    for (const photo of laterPhotos(holders)) photos.push(photo);
  };
  let texts = null; // read when somebody first looks for something: it takes a moment on a long page
  let fitting = photos;
  let fittingCount = total;
  let tiles = inPage;

  const showTiles = (upTo) => {
    if (upTo > fitting.length) readAll();
    const fragment = document.createDocumentFragment();
    const end = Math.min(upTo, fitting.length);
    for (; tiles < end; tiles += 1) {
      const { day } = fitting[tiles];
      // The heading of a day stands above the first of its photos that is shown.
      if (day !== "" && (tiles === 0 || fitting[tiles - 1].day !== day))
        fragment.append(element("li", "day", element("h3", "", day)));
      fragment.append(fitting[tiles].tile());
    }
    sheet.append(fragment);
    more.hidden = tiles >= fittingCount;
    more.textContent = "Show " + numbers.format(Math.min(${AT_ONCE}, fittingCount - tiles)) + " more";
  };

  const apply = () => {
    const answers = picks
      .filter((pick) => pick.getAttribute("aria-pressed") === "true")
      .map((pick) => pick.dataset.answer);
    const words = plain(search.value).split(/\\s+/).filter((word) => word !== "");
    readAll();
    if (words.length > 0 && texts === null) texts = photos.map((photo) => plain(photo.text()));
    const all = answers.length === 0 && words.length === 0;
    fitting = all
      ? photos
      : photos.filter(
          (photo, at) =>
            (answers.length === 0 || answers.some((answer) => photo.answers.includes(answer))) &&
            words.every((word) => texts[at].includes(word)),
        );
    fittingCount = fitting.length;
    const scrolled = window.scrollY;
    sheet.textContent = "";
    tiles = 0;
    showTiles(${AT_ONCE});
    window.scrollTo({ top: scrolled, behavior: "instant" });
    shown.textContent = all
      ? "Showing all " + numbers.format(total) + "."
      : "Showing " + numbers.format(fittingCount) + " of " + numbers.format(total) + ".";
    none.hidden = fittingCount > 0;
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
      for (const same of picks.filter(({ dataset }) => dataset.answer === pick.dataset.answer))
        same.setAttribute("aria-pressed", String(!isPressed));
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
  more.addEventListener("click", () => {
    const before = tiles;
    showTiles(tiles + ${AT_ONCE});
    const next = sheet.querySelectorAll(".item")[before];
    if (next !== undefined) next.querySelector("summary").focus();
  });
  if ("IntersectionObserver" in window)
    new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting) && window.scrollY > 0) showTiles(tiles + ${AT_ONCE});
    }, { rootMargin: "1000px" }).observe(more);
  // On paper nobody can ask for more.
  window.addEventListener("beforeprint", () => showTiles(total));
  document.querySelector(".find").hidden = false;
  showTiles(tiles);

  // A picture that came off the phone damaged: the drawing takes its place.
  const redraw = (image) => {
    const spare = document.getElementById("spare").firstElementChild.cloneNode(true);
    image.replaceWith(spare);
  };
  const isPicture = (target) => target instanceof HTMLImageElement;
  document.addEventListener("error", ({ target }) => isPicture(target) && redraw(target), true);
  for (const image of Array.from(document.images)) if (image.complete && image.naturalWidth === 0) redraw(image);
  shown.textContent = "Showing all " + numbers.format(total) + ".";
})();
`;
