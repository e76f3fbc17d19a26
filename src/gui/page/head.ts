import { button, byId, element, fill, setText } from "./element.js";
import { type Headline, headlineOf } from "./headline.js";
import { type DoRemedy, remedyNodes, troubleNodes } from "./remedy.js";
import type { PageState } from "./server-state.js";
import { whenChanged } from "./when-changed.js";
import { counted, shortName } from "./words.js";

interface HeadHooks {
  readonly doRemedy: DoRemedy;
  readonly onAutomatic: (udid: string, on: boolean) => void;
  readonly onShowReceipt: (name: string) => void;
  readonly onShowAlbum: () => void;
  readonly onLeave: () => void;
  /** The end of the last import is read: the photos are to be chosen from again. */
  readonly onEndRead: () => void;
}

export function head(hooks: HeadHooks): (state: PageState, isEndRead: boolean) => void {
  const drawHeadline = whenChanged(({ headline, can }: { headline: Headline; can: PageState["can"] }) => {
    const { kicker, title, more, trouble, remedy, end, isBusy } = headline;
    setText(byId("photos-kicker"), kicker === "" ? "Rollcall" : shortName(kicker, 80));
    setText(byId("photos-title"), shortName(title, 200));
    const paragraphs = more
      .filter((words) => words !== "")
      .map((words) => element("p", { class: "more" }, words));
    fill(byId("photos-more"), paragraphs, isBusy && element("div", { class: "busy", "aria-hidden": "true" }));
    fill(
      byId("photos-trouble"),
      trouble !== null && element("div", { class: "trouble" }, troubleNodes(trouble, hooks.doRemedy)),
      remedy !== null && element("p", { class: "trouble" }, remedyNodes(remedy, hooks.doRemedy)),
    );
    const actions = byId("photos-actions");
    actions.hidden = end === null;
    if (end !== null) fill(actions, endButtons(end, can, hooks));
  });
  const drawNotes = whenChanged((notes: readonly string[]) => {
    const details = byId("notes");
    details.hidden = notes.length === 0;
    const lines = notes.map((note) => element("li", {}, note));
    fill(
      details,
      element("summary", {}, `${counted(notes.length, "thing")} to know`),
      element("ul", {}, lines),
    );
  });
  const drawAutomatic = whenChanged((shown: AutomaticBox | null) => {
    const place = byId("automatic");
    place.hidden = shown === null;
    if (shown === null) return fill(place);
    const box = element("input", {
      type: "checkbox",
      id: "automatic-box",
      "aria-describedby": "automatic-writes",
    });
    box.checked = shown.isOn;
    box.addEventListener("change", () => hooks.onAutomatic(shown.udid, box.checked));
    fill(
      place,
      element(
        "label",
        { class: "box" },
        box,
        element("span", {}, "Import new photos automatically when this iPhone is connected"),
      ),
      element("p", { class: "soft", id: "automatic-writes" }, shown.writes),
    );
  });
  return (state, isEndRead) => {
    drawHeadline({ headline: headlineOf(state, isEndRead), can: state.can });
    const isImporting = state.run !== null && state.run.end === null;
    drawNotes(isImporting ? [] : (state.opened?.photos?.notes ?? []));
    drawAutomatic(isImporting ? null : automaticBox(state));
  };
}

interface AutomaticBox {
  readonly udid: string;
  readonly isOn: boolean;
  readonly writes: string;
}

function automaticBox({ can, opened, phones, automaticWrites }: PageState): AutomaticBox | null {
  const phone = phones.find(({ udid }) => udid !== null && udid === opened?.udid);
  if (!can.automatic || opened === null || opened.photos === null || phone?.isAutomatic == null) return null;
  return { udid: opened.udid, isOn: phone.isAutomatic, writes: automaticWrites ?? "" };
}

function endButtons(
  { receipt, album }: NonNullable<Headline["end"]>,
  can: PageState["can"],
  hooks: HeadHooks,
): HTMLElement[] {
  const buttons: HTMLElement[] = [];
  if (receipt !== null)
    buttons.push(button("Show the receipt", () => hooks.onShowReceipt(receipt), { class: "button primary" }));
  if (album !== null && can.showAlbum)
    buttons.push(button(`Show "${shortName(album, 40)}" in Photos`, hooks.onShowAlbum));
  if (receipt !== null) buttons.push(button("What may leave the iPhone", hooks.onLeave));
  buttons.push(button("Choose more photos", hooks.onEndRead));
  return buttons;
}
