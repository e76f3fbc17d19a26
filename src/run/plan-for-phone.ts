import type { Catalogue } from "../catalogue/media-item.js";
import { readPhoneLibrary } from "../catalogue/phone-library.js";
import { readCatalogue } from "../catalogue/read-catalogue.js";
import { RollcallError } from "../errors.js";
import type { Ledger, LedgerBetween } from "../ledger/ledger.js";
import type { Destination } from "../ledger/ledger-entry.js";
import type { PhotosProcess } from "../photos/photos-process.js";
import { decide } from "../plan/decide.js";
import type { Plan } from "../plan/decision.js";
import type { PlanRequest, Questions, RunParts } from "./run-parts.js";

/** Phone to catalogue. `isOptional`: go on without the phone's database, with a notice. */
export async function readWholeCatalogue(
  parts: RunParts,
  options: { readonly withoutPhoneLibrary: boolean; readonly isOptional?: boolean },
): Promise<Catalogue> {
  const { phone, report, signal, workFolder } = parts;
  report({ type: "phone", phone: phone.identity });
  const phoneLibrary = options.withoutPhoneLibrary
    ? null
    : await readPhoneLibrary(phone, { workFolder, signal }).catch((error: unknown) => {
        const isUnreadable = error instanceof RollcallError && error.code === "PHONE_LIBRARY_UNREADABLE";
        if (!isUnreadable || options.isOptional !== true) throw error;
        report({ type: "notice", code: error.code, message: error.message });
        return null;
      });
  return readCatalogue(phone, {
    phoneLibrary,
    ...(signal && { signal }),
    onProgress: (files) => report({ type: "listing", files }),
  });
}

/**
 * Which Photos library the ledger is asked about, without starting Photos: the one that was named, the
 * one that is open, else the one imported into last.
 */
export async function photosDestination(
  process: PhotosProcess,
  ledger: Ledger,
  request: PlanRequest,
): Promise<Destination> {
  const key = request.libraryPath ?? (await process.openLibrary()) ?? ledger.lastPhotosKey() ?? "";
  return { kind: "photos", key };
}

/** Catalogue and ledger to plan; asks about iCloud once for a phone and library, if someone is there. */
export async function planImport(
  catalogue: Catalogue,
  between: LedgerBetween,
  request: PlanRequest,
  questions: Questions | null,
): Promise<Plan> {
  const { selection, edits, again } = request;
  const synced = catalogue.items.reduce((sum, { cloud }) => sum + (cloud === "synced" ? 1 : 0), 0);
  const earlier = between.choice("icloud");
  let icloud = request.icloud ?? (earlier === "bring" || earlier === "skip" ? earlier : undefined);
  if (icloud === undefined && synced > 0 && questions !== null) {
    icloud = await questions.chooseICloud(synced);
    between.recordChoice("icloud", icloud);
  }
  return decide(catalogue, between, { selection, edits, again, icloud: icloud ?? "skip" });
}
