import type { Catalogue, MediaItem } from "../catalogue/media-item.js";
import { readPhoneLibrary } from "../catalogue/phone-library.js";
import { readCatalogue } from "../catalogue/read-catalogue.js";
import { RollcallError } from "../errors.js";
import type { Destination } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import { decide } from "../plan/decide.js";
import type { Plan } from "../plan/decision.js";
import type { ICloudLook } from "../plan/icloud-look.js";
import { needsPhoneLibrary, requireAlbum } from "../plan/require-album.js";
import { requireFolder } from "../plan/require-folder.js";
import type { Selection } from "../plan/selection.js";
import { type LookForICloud, lookForICloud } from "./look-for-icloud.js";
import { narrowByPicking } from "./narrow-by-picking.js";
import { reportOtherKey } from "./not-approved.js";
import { withRenderingsApart } from "./renderings-apart.js";
import type { ImportParts, PlanRequest, Questions, RunParts } from "./run-parts.js";
import { knownDestination } from "./which-library.js";

/** What a plan stands on. */
type PlanParts = RunParts & Pick<ImportParts, "process" | "originals" | "libraryAccess">;

/** A plan, and what it was made from. */
interface PlanOfPhone {
  readonly plan: Plan;
  readonly ledger: PhoneLedger;
  readonly destination: Destination;
}

/**
 * What an import with this request would do to each item, and why. Nothing is changed, Photos is not started, and
 * nothing is read but the phone's own database and the recipes of edits.
 * @throws RollcallError PHONE_LIBRARY_UNREADABLE, PHOTOS_LIBRARY_SWITCHED, NO_SUCH_ALBUM, BAD_USAGE, and whatever ends
 *   the connection to the phone
 */
export async function planForPhone(parts: ImportParts, request: PlanRequest): Promise<Plan> {
  return (await planOfPhone(parts, request)).plan;
}

/**
 * {@link planForPhone}, with the ledger that it asked: for who marks or audits what is planned.
 * @param options.questions who is asked about photos in iCloud, where nobody chose yet; null: nobody
 * @param options.readsRecipes false: the items are those of the phone, and no recipe of an edit is read
 */
export async function planOfPhone(
  parts: PlanParts,
  request: PlanRequest,
  options: { readonly questions?: Questions | null; readonly readsRecipes?: boolean } = {},
): Promise<PlanOfPhone> {
  const catalogue = await readWholeCatalogue(parts, request);
  const destination = await knownDestination(parts, request);
  const ledger = parts.ledgerDatabase.ledgerFor(parts.phone.identity, destination);
  const { questions = null, readsRecipes = true } = options;
  const help = { questions, look: lookForICloud(parts.originals, parts.signal) };
  const { plan } = await narrowByPicking(request, (selection) =>
    planImport(catalogue, ledger, { ...request, selection }, help),
  );
  const finished = readsRecipes ? await withRenderingsApart(plan, parts.phone, parts.signal) : plan;
  return { plan: finished, ledger, destination };
}

/**
 * Phone to catalogue. `isOptional`: go on without the phone's database, with a notice, unless the selection is by
 * what only it knows.
 * @throws RollcallError NO_SUCH_ALBUM, BAD_USAGE as {@link requireAlbum}; NO_SUCH_FOLDER
 */
export async function readWholeCatalogue(
  parts: RunParts,
  options: {
    readonly selection: Selection;
    readonly withoutPhoneLibrary: boolean;
    readonly isOptional?: boolean;
    readonly icloud?: PlanRequest["icloud"];
  },
): Promise<Catalogue> {
  const { selection, withoutPhoneLibrary } = options;
  if (withoutPhoneLibrary) requireAlbum(selection, null);
  const { phone, report, signal, workFolder } = parts;
  report({ type: "phone", phone: phone.identity, cableBitsPerSecond: parts.cableBitsPerSecond ?? null });
  reportOtherKey(parts);
  const isOptional = options.isOptional === true && !needsPhoneLibrary(selection);
  const phoneLibrary = withoutPhoneLibrary
    ? null
    : await readPhoneLibrary(phone, { workFolder, signal }).catch((error: unknown) => {
        const isUnreadable = error instanceof RollcallError && error.code === "PHONE_LIBRARY_UNREADABLE";
        if (!isUnreadable || !isOptional) throw error;
        const message = `${error.message} ${error.why ?? ""} Pictures in Recently Deleted and hidden ones come along, and all files outside DCIM; what is in iCloud only cannot be named.`;
        report({ type: "notice", code: error.code, message });
        return null;
      });
  if (phoneLibrary !== null) {
    parts.ledgerDatabase.recordPhoneAlbums(phone.identity.udid, phoneLibrary.summary.albums ?? []);
    requireAlbum(selection, phoneLibrary.summary);
  }
  const catalogue = await readCatalogue(phone, {
    phoneLibrary,
    // A copy of files takes everything along; photos that may come from iCloud are not imported twice unasked.
    outsideDcim: options.isOptional === true ? "take" : options.icloud === "import" ? "import" : "name",
    ...(signal && { signal }),
    onProgress: (files) => report({ type: "listing", files }),
  });
  requireFolder(selection, catalogue);
  return catalogue;
}

/** What a plan may ask besides the catalogue and the ledger. */
export interface PlanHelp {
  readonly questions: Questions | null;
  /** Null: the library is not looked at, and nothing is said of it. */
  readonly look: LookForICloud | null;
}

/**
 * Catalogue and ledger to plan. Where new photos would stay with iCloud Photos the library is looked at first; then a
 * person is asked about them, once for a phone and library, if someone is there.
 */
export async function planImport(
  catalogue: Catalogue,
  ledger: PhoneLedger,
  request: PlanRequest,
  { questions, look: lookAtLibrary }: PlanHelp,
): Promise<Plan> {
  const { selection, edits, again } = request;
  let chosen = request.icloud ?? ledger.choices.icloud() ?? undefined;
  const planOf = (look: ICloudLook | null) => {
    const icloud = { icloud: chosen ?? "skip", isICloudChosen: chosen !== undefined, look } as const;
    return ledger.asOfNow(() => decide(catalogue, ledger, { selection, edits, again, ...icloud }));
  };
  const first = planOf(null);
  if (first.leftToICloud === undefined || lookAtLibrary === null) return first;
  const look = await lookAtLibrary(ledger.destinationKey, syncedItems(catalogue));
  const looked = planOf(look);
  if (chosen !== undefined || questions === null) return looked;
  chosen = await questions.chooseICloud(looked.leftToICloud ?? first.leftToICloud);
  ledger.choices.record("icloud", chosen);
  return planOf(look);
}

function syncedItems({ items }: Catalogue): MediaItem[] {
  return items.filter(({ cloud, trashed }) => cloud === "synced" && !trashed);
}
