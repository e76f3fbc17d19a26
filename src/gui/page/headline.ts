import type { OpenedPhone, PageState, Remedy, RunEnd, RunNow, Trouble } from "./server-state.js";
import { count, counted, shortName, size } from "./words.js";

/** What stands above the photos: where things are, in one sentence, and what can be done about it. */
export interface Headline {
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
  if (run !== null && run.end !== null && !isEndRead) return endOfRun(run, run.end);
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
  if (library !== null) more.push(`They go into Photos, library "${libraryName(library)}".`);
  const title = newItems === 0 ? `Nothing new on ${name}` : counted(newItems, "new photo");
  return { ...head, title, more: [more.join(" ")], isBusy: phase === "reading" };
}

/** "Demo" of "/Users/anna/Pictures/Demo.photoslibrary" */
function libraryName(library: string): string {
  const name = library.slice(library.lastIndexOf("/") + 1).replace(/\.photoslibrary$/, "");
  return shortName(name === "" ? library : name, 60);
}

function endOfRun({ phone, isSafeToUnplug }: RunNow, end: RunEnd): Headline {
  const unplug = isSafeToUnplug ? ["Safe to unplug."] : [];
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
  const where = album === null ? [] : [`They are in the album "${shortName(album, 60)}".`];
  const more = [[...where, ...unplug].join(" ")];
  return { ...NO_PHONE, kicker: phone, title: summary, more, remedy, end: { receipt, album } };
}
