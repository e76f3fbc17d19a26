import type { EjectEnd } from "../../../jxa/after-an-import.js";
import type { ReceiptHead } from "../../../receipt/receipt.js";
import { escapeControls } from "../../../text/escape-controls.js";
import type { CommandContext } from "../../command-context.js";
import { isPhotosReachable, realRunner } from "../../compose/real-parts.js";
import type { Settings } from "../../process/settings.js";
import { isSafeToUnplug } from "../../process/status-of-answers.js";
import type { ImportFlags } from "../import/command.js";

/** What a person asked for besides, once the import has been told. None of it changes how the import ended. */
export async function afterImport(
  { settings, output, signal }: CommandContext,
  { open, eject }: Pick<ImportFlags, "open" | "eject">,
  { head }: { readonly head: ReceiptHead },
): Promise<void> {
  const { destination, phone } = head;
  if (open === true) {
    const album = destination.kind === "photos" ? destination.album : null;
    if (album === null) output.note("--open: this run made no album, so there is none to show.");
    else {
      const { showAlbumInPhotos } = await import("../../../jxa/after-an-import.js");
      const isShown = await showAlbumInPhotos(await realRunner(settings, "question"), album.id, signal);
      if (!isShown) output.note(`--open: Photos would not show the album "${escapeControls(album.name)}".`);
    }
  }
  if (eject !== true || output.isJson) return;
  const end = await ejectAfter({ settings, signal }, head);
  output.note(escapeControls(ejectWords(end, phone.name || "The iPhone")));
}

/** For the document of an import. Only once its phone is closed. */
export async function ejectAfter(
  { settings, signal }: Pick<CommandContext, "settings" | "signal">,
  head: ReceiptHead,
): Promise<EjectEnd | "not-asked" | null> {
  return isSafeToUnplug(head) ? await ejected(settings, head.phone.udid, signal) : "not-asked";
}

/** Null where there is no way to ask macOS. */
export async function ejected(
  settings: Settings,
  udid: string,
  signal: AbortSignal,
): Promise<EjectEnd | null> {
  if (!isPhotosReachable(settings)) return null;
  const { askToEject } = await import("../../../jxa/after-an-import.js");
  return await askToEject(await realRunner(settings, "question"), udid, signal);
}

/** In one sentence. Unplugging is safe in each case: Rollcall only reads, and has nothing open. */
export function ejectWords(end: EjectEnd | "not-asked" | null, name: string): string {
  switch (end) {
    case "ejected":
      return `${name} was ejected.`;
    case "not-seen":
      return `macOS does not list ${name} as a camera, so there is nothing to eject.`;
    case "stayed":
      return `macOS was asked to eject ${name} and still lists it. It can be unplugged without ejecting.`;
    case "no-answer":
      return `macOS could not be asked to eject ${name}. It can be unplugged without ejecting.`;
    case "not-asked":
      return `--eject: ${name} was not ejected, because not everything was imported.`;
    case null:
      return "Only macOS ejects an iPhone. It can be unplugged without ejecting.";
  }
}
