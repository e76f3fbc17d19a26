import { ANSWERS } from "../answer.js";
import { MONTHS, UNITS } from "./in-words.js";

/**
 * Makes tiles of what `later-photos.ts` wrote, in a browser: the same tiles as `contact-sheet.ts` writes, which
 * test/peers/receipt-page.test.ts compares. Text goes in as text, by `textContent` alone.
 */
export const LATER_PHOTOS_SCRIPT = `
  const WORDS = ${JSON.stringify(ANSWERS)};
  const MONTHS = ${JSON.stringify(MONTHS)};
  const UNITS = ${JSON.stringify(UNITS)};
  const WRONG = ["failed", "differs", "missing", "unknown"];

  const element = (name, className, ...children) => {
    const made = document.createElement(name);
    if (className !== "") made.className = className;
    made.append(...children);
    return made;
  };
  const answerOf = (file) => element("span", "answer a-" + file.word, file.words);
  const bold = (label, text, className) => element("p", className, element("b", "", label), " ", text);

  const size = (bytes) => {
    const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
    const value = bytes / 1000 ** power;
    return (power === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)) + " " + UNITS[power];
  };
  const moment = (minutes) => {
    const date = new Date(minutes * 60000);
    const two = (number) => String(number).padStart(2, "0");
    const day = date.getUTCDate() + " " + MONTHS[date.getUTCMonth()] + " " + date.getUTCFullYear();
    return day + " at " + two(date.getUTCHours()) + ":" + two(date.getUTCMinutes());
  };
  const hexOf = (base64) =>
    Array.from(atob(base64), (letter) => letter.charCodeAt(0).toString(16).padStart(2, "0")).join("");

  const fileOf = (data, [folder, name, bytes, changed, sha256, photosId, kind]) => {
    const [answer, thisRun, evidence, checked, idEnd, reason, words, meaning] = data.kinds[kind];
    return {
      path: data.folders[folder] + name,
      bytes,
      changed,
      sha256: sha256 === 0 ? "" : hexOf(sha256),
      photosId: photosId === 0 ? "" : photosId + idEnd,
      word: WORDS[answer],
      ...{ words, meaning, thisRun, evidence, checked, reason },
    };
  };

  const factsOf = (file) => {
    const { bytes } = file;
    const inFull = bytes < 1000 ? size(bytes) : size(bytes) + " (" + numbers.format(bytes) + " bytes)";
    const code = (text) => element("code", "", text);
    const facts = [];
    if (bytes >= 0) facts.push(["Size", inFull]);
    if (file.changed !== null) facts.push(["Changed", moment(file.changed)]);
    if (file.sha256 !== "") facts.push(["SHA-256", code(file.sha256)]);
    if (file.photosId !== "") facts.push(["Id in Photos", code(file.photosId)]);
    if (file.evidence !== "") facts.push(["Evidence", file.evidence]);
    if (file.checked !== "") facts.push(["Checked", file.checked]);
    if (file.thisRun === 1) facts.push(["Imported by", "this run"]);
    const list = element("dl", "");
    for (const [name, value] of facts) list.append(element("dt", "", name), element("dd", "", value));
    const made = element(
      "div",
      "file",
      element("p", "path", element("bdi", "", file.path)),
      element("p", "", answerOf(file), " ", file.meaning),
    );
    if (file.reason !== 0) {
      const [message, remedy] = file.reason;
      made.append(bold("Why:", message, "why"));
      if (remedy !== "") made.append(bold("What to do:", remedy, "remedy"));
    }
    made.append(list);
    return made;
  };

  const pictureOf = (url, drawing) => {
    if (url === 0) return element("span", "picture " + drawing);
    const image = element("img", "picture");
    image.alt = "";
    image.loading = "lazy";
    image.decoding = "async";
    image.src = url;
    return image;
  };

  const tileOf = (data, photo) => {
    const [url, drawing, , rows, ownTitle] = photo;
    const files = rows.map((row) => fileOf(data, row));
    const given = WORDS.filter((word) => files.some((file) => file.word === word));
    const foremost = given.find((word) => WRONG.includes(word)) ?? given[given.length - 1];
    const name = files[0].path.slice(files[0].path.lastIndexOf("/") + 1);
    const stem = name.lastIndexOf(".") > 0 ? name.slice(0, name.lastIndexOf(".")) : name;
    const kinds = files.map(({ path }) => /[^/.]\\.([^./]{1,8})$/.exec(path)?.[1]?.toUpperCase() ?? "");
    const kindsInWords = Array.from(new Set(kinds.filter((kind) => kind !== ""))).slice(0, 4).join(" + ");
    const title = element("span", "name", element("bdi", "", ownTitle === 0 ? stem : ownTitle), " ", element("span", "kinds", kindsInWords));
    const details = element("details", "", element("summary", "", pictureOf(url, drawing), title, " ", answerOf(files.find((file) => file.word === foremost))));
    // What is known of each file is made when somebody opens it: it is most of a long page.
    details.addEventListener("toggle", () => details.append(element("div", "files", ...files.map(factsOf))), { once: true });
    const tile = element("li", "item", details);
    tile.dataset.answers = answersOf(data, photo).join(" ");
    return tile;
  };

  const answersOf = (data, [, , mayLeave, rows]) => {
    const words = rows.map((row) => WORDS[data.kinds[row[6]][0]]);
    return Array.from(new Set(mayLeave === 1 ? [...words, "may-leave"] : words));
  };
  const textOf = (data, [, , , rows, ownTitle]) =>
    (ownTitle || "") + " " + rows
      .map((row) => fileOf(data, row))
      .map((file) => [file.path, file.words, file.meaning, file.evidence, file.sha256, file.photosId, ...(file.reason || [])].join(" "))
      .join(" ");

  /** Each photo that is kept as data: made into a tile when it is first shown. */
  const laterPhotos = (holders) =>
    holders.flatMap((holder) => {
      const data = JSON.parse(holder.textContent);
      return data.photos.map((photo) => {
        let tile = null;
        return {
          answers: answersOf(data, photo),
          day: photo[5] || "",
          text: () => textOf(data, photo),
          tile: () => (tile ??= tileOf(data, photo)),
        };
      });
    });
`;
