import { element, setAttribute } from "./element.js";
import { type IconName, icon } from "./icon.js";
import { answerWords, canBeChosen, kindWords, photoWords } from "./photo-words.js";
import type { PhotoItem, TileAnswer } from "./server-state.js";
import type { Picture } from "./thumbnails.js";
import { length, shortName } from "./words.js";

interface TileLook {
  readonly photo: PhotoItem;
  readonly place: number;
  readonly of: number;
  readonly isChosen: boolean;
  readonly answer: TileAnswer | undefined;
  readonly picture: Picture | null | undefined;
}

/** One photo: its picture or a drawing, what is special about it, and whether it is chosen. */
export function makeTile(look: TileLook): HTMLElement {
  const { photo } = look;
  const tile = element("div", {
    role: "option",
    id: `photo-${photo.id}`,
    class: `tile is-${photo.state}${canBeChosen(photo) ? "" : " is-fixed"}`,
    "data-id": photo.id,
    "aria-setsize": look.of,
    "aria-posinset": look.place + 1,
    "aria-disabled": canBeChosen(photo) ? null : "true",
    tabindex: -1,
  });
  tile.append(
    element("span", { class: "picture" }),
    badges(photo),
    element("span", { class: "mark", "data-mark": true }, icon("tick")),
    element("span", { class: "given", hidden: true }),
  );
  showPicture(tile, photo, look.picture);
  showAnswer(tile, photo, look.answer);
  showChosen(tile, look.isChosen);
  return tile;
}

export function showChosen(tile: Element, isChosen: boolean): void {
  setAttribute(tile, "aria-selected", String(isChosen));
}

/** The picture of the phone, or what can be said without it: kind, length, name. */
export function showPicture(tile: Element, photo: PhotoItem, picture: Picture | null | undefined): void {
  const place = tile.querySelector(".picture")!;
  if (picture) {
    const image = element("img", { alt: "", draggable: "false", decoding: "async" });
    image.src = picture.url;
    place.replaceChildren(image);
    return;
  }
  const drawing: IconName = photo.state === "icloud-only" ? "cloud" : photo.kind;
  // The name is drawn by the style: as text it would be another name than the one that a screen reader is told.
  const name = picture === null ? shortName(photo.name, 28) : null;
  const words = element("span", { class: "no-picture", "data-name": name }, icon(drawing));
  place.replaceChildren(words);
}

/** What became of it in the import that is on. */
export function showAnswer(tile: Element, photo: PhotoItem, answer: TileAnswer | undefined): void {
  setAttribute(tile, "aria-label", photoWords(photo, answer));
  setAttribute(tile, "data-answer", answer?.answer);
  setAttribute(tile, "title", answer?.reason ?? photo.note ?? shortName(photo.name, 120));
  const given = tile.querySelector<HTMLElement>(".given")!;
  given.hidden = answer === undefined;
  setAttribute(given, "data-words", answer && answerWords(answer.answer));
}

function badges(photo: PhotoItem): HTMLElement {
  const badge = (name: string, ...content: (Node | string)[]) =>
    element("span", { class: `badge b-${name}` }, content);
  const list = element("span", { class: "badges" });
  if (photo.kind === "live") list.append(badge("live", icon("live"), "Live"));
  if (photo.kind === "raw") list.append(badge("raw", "RAW"));
  if (photo.kind === "screenshot") list.append(badge("screenshot", icon("screenshot")));
  if (photo.kind === "video")
    list.append(
      badge("video", icon("video"), photo.seconds === undefined ? kindWords("video") : length(photo.seconds)),
    );
  if (photo.isEdited) list.append(badge("edited", icon("edited")));
  if (photo.isFavorite) list.append(badge("favorite", icon("heart")));
  if (photo.state === "icloud-only") list.append(badge("cloud", icon("cloud")));
  return list;
}
