import { button, byId, element, fill, setText } from "./element.js";
import { type DoRemedy, remedyNodes, spaced, troubleNodes } from "./remedy.js";
import type { OpenedPhone, PageState, Remedy, RunEnd, Trouble } from "./server-state.js";
import { whenChanged } from "./when-changed.js";
import { count, counted, shortName, size } from "./words.js";

interface HeadHooks {
  readonly doRemedy: DoRemedy;
  readonly onAutomatic: (udid: string, on: boolean) => void;
  readonly onShowReceipt: (name: string) => void;
  readonly onShowAlbum: () => void;
  readonly onLeave: () => void;
  /** The end of the last import is read: the photos are to be chosen from again. */
  readonly onEndRead: () => void;
}

/** What stands above the photos: where things are, in one sentence, and what can be done about it. */
interface Headline {
  readonly kicker: string;
  readonly title: string;
  readonly more: readonly string[];
  readonly trouble: Trouble | null;
  readonly remedy: Remedy | null;
  readonly end: { readonly receipt: string | null; readonly album: string | null } | null;
  readonly isBusy: boolean;
}

const NOTHING_CAME = { receipt: null, album: null };

const NO_PHONE: Headline = {
  kicker: "",
  title: "Connect your iPhone with its cable",
  more: [
    "Unlock it, and tap Trust where it asks. Its photos appear here by themselves.",
    "Rollcall never changes or deletes anything on the iPhone.",
  ],
  trouble: null,
  remedy: null,
  end: null,
  isBusy: false,
};

/** @param isEndRead the end of the last import has been read and put away */
export function headlineOf(state: PageState, isEndRead: boolean): Headline {
  const { service, phones, opened, run } = state;
  if (run !== null && run.end !== null && !isEndRead) return endOfRun(run.end, run.phone);
  if (run !== null && run.end === null) {
    const more = ["It goes on when this page is closed. Open it again to see how far it is."];
    const title = run.phase === "waiting" ? "Waiting for the iPhone" : "Importing into Photos";
    return { ...NO_PHONE, kicker: run.phone, title, more };
  }
  if (opened !== null) return ofPhone(opened, phones.find(({ udid }) => udid === opened.udid)?.kind ?? "");
  if (service !== null) return { ...NO_PHONE, ...inTrouble(service) };
  if (phones.length > 1)
    return { ...NO_PHONE, title: "Which iPhone?", more: ["Choose one in the list of iPhones."] };
  const [phone] = phones;
  if (phone === undefined) return NO_PHONE;
  if (phone.trouble !== null) return { ...NO_PHONE, kicker: phone.kind, ...inTrouble(phone.trouble) };
  const title = phone.isReady ? `Opening ${phone.name}` : `${phone.name}: ${phone.words}`;
  return { ...NO_PHONE, kicker: phone.kind, title, more: [], isBusy: phone.isReady };
}

/** The message is the headline; why and what to do stand below it. */
function inTrouble({ message, why, remedy }: Trouble): Partial<Headline> & { title: string } {
  return { title: message, more: why === null ? [] : [why], remedy, trouble: null };
}

function ofPhone(opened: OpenedPhone, kind: string): Headline {
  const { name, phase, trouble, filesListed, photos } = opened;
  const head = { ...NO_PHONE, kicker: [name, kind].filter((one) => one !== "").join("  ·  "), trouble };
  if (photos === null) {
    const listed = filesListed > 0 ? [`${counted(filesListed, "file")} so far.`] : [];
    if (phase === "reading") return { ...head, title: `Looking at ${name}`, more: listed, isBusy: true };
    if (trouble !== null) return { ...head, ...inTrouble(trouble) };
    return { ...head, title: `Waiting for ${name}`, more: [], isBusy: true };
  }
  const { newItems, newBytes, importedItems, library } = photos;
  const more: string[] = [];
  if (newItems > 0) more.push(`${size(newBytes)}.`);
  if (importedItems > 0)
    more.push(`${count(importedItems)} ${importedItems === 1 ? "was" : "were"} imported before.`);
  if (library !== null) more.push(`They go into Photos, library "${shortName(library, 60)}".`);
  const title = newItems === 0 ? `Nothing new on ${name}` : counted(newItems, "new photo");
  return { ...head, title, more: [more.join(" ")], isBusy: phase === "reading" };
}

function endOfRun(end: RunEnd, phone: string): Headline {
  if (end.type === "failed") {
    const isStopped = end.trouble.code === "STOPPED";
    const title = isStopped ? "The import was stopped" : "The import could not go on";
    return {
      ...NO_PHONE,
      kicker: phone,
      title,
      more: [],
      trouble: end.trouble,
      end: NOTHING_CAME,
    };
  }
  const { summary, remedy, receipt, album } = end;
  const more = album === null ? [] : [`They are in the album "${shortName(album, 60)}".`];
  return { ...NO_PHONE, kicker: phone, title: summary, more, remedy, end: { receipt, album } };
}

export function head(hooks: HeadHooks): (state: PageState, isEndRead: boolean) => void {
  const drawHeadline = whenChanged(({ headline, can }: { headline: Headline; can: PageState["can"] }) => {
    const { kicker, title, more, trouble, remedy, end, isBusy } = headline;
    setText(byId("photos-kicker"), kicker === "" ? "Rollcall" : shortName(kicker, 80));
    setText(byId("photos-title"), shortName(title, 200));
    const paragraphs = more
      .filter((words) => words !== "")
      .map((words) => element("p", { class: "more" }, words));
    fill(
      byId("photos-more"),
      ...paragraphs,
      isBusy && element("div", { class: "busy", "aria-hidden": "true" }),
    );
    fill(
      byId("photos-trouble"),
      trouble !== null && element("div", { class: "trouble" }, ...troubleNodes(trouble, hooks.doRemedy)),
      remedy !== null && element("p", { class: "trouble" }, ...spaced(remedyNodes(remedy, hooks.doRemedy))),
    );
    const actions = byId("photos-actions");
    actions.hidden = end === null;
    if (end !== null) fill(actions, ...endButtons(end, can, hooks));
  });
  const drawNotes = whenChanged((notes: readonly string[]) => {
    const details = byId("notes");
    details.hidden = notes.length === 0;
    const lines = notes.map((note) => element("li", {}, note));
    fill(
      details,
      element("summary", {}, `${counted(notes.length, "thing")} to know`),
      element("ul", {}, ...lines),
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
