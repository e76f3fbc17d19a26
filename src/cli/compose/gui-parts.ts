import { join } from "node:path";
import { systemClock } from "../../clock.js";
import { RollcallError } from "../../errors.js";
import type { CheckEnd, GuiParts } from "../../gui/gui-parts.js";
import { remedyInPage } from "../../gui/remedy-in-page.js";
import { makePassingFolder } from "../../owned-folder.js";
import { sameUdid } from "../../phone/phone.js";
import type { PhoneFinder } from "../../phone/phone-watch.js";
import { WRONG_ANSWERS } from "../../receipt/answer.js";
import type { PictureOf } from "../../receipt/html/contact-sheet.js";
import { leftOf, leftRemedy } from "../../receipt/left-to-icloud.js";
import { layOutPictures } from "../../receipt/page-pictures.js";
import { byInstant } from "../../receipt/photo-name.js";
import { notAsSentOf, type ReceiptHead } from "../../receipt/receipt.js";
import { ReceiptFolder } from "../../receipt/receipt-folder.js";
import { receiptHtml } from "../../receipt/receipt-html.js";
import { safeToRemoveHtml } from "../../receipt/safe-to-remove-html.js";
import { storedPictures } from "../../receipt/stored-pictures.js";
import type { PhotosParts } from "../../run/run-parts.js";
import { removePartialCopiesOfRuns } from "../../transfer/staging-folder.js";
import { earlierMsPerItem } from "../../words/earlier-pace.js";
import { counted } from "../../words/wording.js";
import type { CommandContext } from "../command-context.js";
import { EXIT } from "../process/exit-status.js";
import { makeStagingFolder } from "../process/folders.js";
import { isSafeToUnplug, statusOfRun } from "../process/status-of-answers.js";
import { toolVersion } from "../process/tool-version.js";
import { commandWords } from "../terminal/command-words.js";
import { recheckInShort, runInShort } from "../terminal/in-short.js";
import { approvePhone } from "./approve-phone.js";
import { newestOfPhotos } from "./later-receipts.js";
import { builtFile, howToStart, macPrograms, setUpFolders } from "./mac-programs.js";
import { withDataFolder } from "./open-data-folder.js";
import { isPhotosReachable, realRunner } from "./real-parts.js";
import { recheckNow } from "./recheck-now.js";
import { removalNow, requireImportReceipt } from "./removal-now.js";

/** So many pictures the page of a check holds. */
const MOST_PICTURES = 500;

type GuiContext = Pick<CommandContext, "settings" | "signal">;

/** What the page stands on: the phones and the Photos that it is given, and everything that the commands do besides. */
export function guiParts(
  { settings, signal }: GuiContext,
  { finder, ...photos }: { readonly finder: PhoneFinder } & PhotosParts,
): GuiParts {
  const receipts = new ReceiptFolder(join(settings.dataFolder, "receipts"), commandWords);
  const photosParts: PhotosParts = photos;
  const waitForLibrary = (path: string) => photos.libraryAccess.touch(path).answered(signal);
  const withData: GuiParts["withData"] = (work) =>
    withDataFolder({ settings }, ({ ledgerDatabase, folder }) =>
      work({ ledgerDatabase, workFolder: folder.work }),
    );
  const isMac = isPhotosReachable(settings);
  return {
    version: toolVersion(),
    clock: systemClock,
    finder,
    photos: photosParts,
    receipts,
    withData,
    stagingFolder: settings.stagingFolder,
    async prepareStaging() {
      makeStagingFolder(settings.stagingFolder);
      await removePartialCopiesOfRuns(settings.stagingFolder);
    },
    deeds: {
      inShort({ head, answers }) {
        const { summary } = runInShort(head, answers(), null);
        return {
          summary,
          remedy: remedyOfRun(head),
          isTrouble: statusOfRun(head) !== EXIT.ok,
          isSafeToUnplug: isSafeToUnplug(head),
        };
      },
      earlierMsPerItem: () => earlierMsPerItem(receipts),
      eject: isMac ? (udid, stop) => ejectInPage({ settings, signal: stop }, udid) : null,
      showAlbum: isMac ? (id, stop) => showAlbum({ settings, signal: stop }, id) : null,
      automatic: {
        writes: automaticWrites({ settings, signal }),
        isOn: (udid) => isAutomatic({ settings, signal }, udid),
        set: (udid, isOn, stop) =>
          setAutomatic({ settings, signal: stop }, { udid, isOn, finder, photosParts }),
      },
      verify: (name, progress, stop) =>
        withDataFolder({ settings }, async (data) => {
          const { path, receipt } = await receipts.find(name);
          const options = { waitForLibrary, signal: stop };
          const recheck = await recheckNow(receipt, data, photosParts, options);
          progress(recheck.looked.items, recheck.looked.of);
          const { answers, ...head } = recheck.receipt;
          const { lookedAt, looked } = recheck;
          const { summary } = recheckInShort({ answers, lookedAt, looked }, path, head.destination.kind);
          const items = [...new Set(answers.map(({ item }) => item))];
          return await withPictures(receipts, items, data.folder.work, (pictureOf) => ({
            summary,
            html: [...receiptHtml(head, () => answers, { words: commandWords, pictureOf })].join(""),
          }));
        }),
      safeToRemove: (_progress, stop) =>
        withDataFolder({ settings }, async (data) => {
          const found = await newestOfPhotos(receipts);
          await requireImportReceipt(found, receipts);
          const options = { waitForLibrary, signal: stop };
          const { today, removal } = await removalNow(found, receipts, data, photosParts, options);
          const items = byInstant(removal.safe, (files) => files).map(([{ item }]) => item);
          return await withPictures(receipts, items, data.folder.work, (pictureOf) => ({
            summary: `${counted(removal.safe.length, "photo")} may be deleted from the iPhone; ${counted(removal.staying.length, "photo")} should stay`,
            html: [...safeToRemoveHtml(today, removal, { words: commandWords, pictureOf })].join(""),
          }));
        }),
      async doctor(stop) {
        const { CHECKS } = await import("../../doctor/checks.js");
        const { examine } = await import("../../doctor/examine.js");
        const { doctorParts } = await import("./doctor-parts.js");
        const lines = [];
        const parts = await doctorParts(settings, {});
        for await (const one of examine(CHECKS, parts, { clock: systemClock, signal: stop })) {
          const { status, question, finding, offers } = one;
          const remedy = one.remedy ?? (offers && [offers]);
          const word = status === "trouble" ? "problem" : status;
          lines.push({
            ...({ status: word, title: question, words: finding } as const),
            remedy: remedy === null ? null : remedyInPage(remedy),
          });
        }
        return lines;
      },
    },
  };
}

/** What a person can do about what is not as it should be; null where there is nothing. */
function remedyOfRun(head: ReceiptHead): ReturnType<typeof remedyInPage> | null {
  const [unlike] = notAsSentOf(head);
  if (unlike !== undefined) return remedyInPage(unlike.remedy);
  if ([...WRONG_ANSWERS].some((word) => head.totals.byAnswer[word] > 0))
    return ["The receipt names each of them, and says what to do."];
  const left = leftOf(head);
  const remedy = left === undefined ? null : leftRemedy(left);
  return remedy === null ? null : remedyInPage(remedy);
}

/** Pictures that receipts keep, all of them in the page itself. */
async function withPictures(
  receipts: ReceiptFolder,
  items: readonly string[],
  workFolder: string,
  make: (pictureOf: PictureOf) => CheckEnd,
): Promise<CheckEnd> {
  const passing = makePassingFolder(workFolder, "pictures");
  try {
    const newestFirst = (await receipts.list()).reverse();
    const found = await storedPictures(newestFirst, items, passing.path);
    const inPage = new Map([...found].slice(0, MOST_PICTURES));
    return make(await layOutPictures(inPage, join(passing.path, "beside")));
  } finally {
    passing.remove();
  }
}

async function ejectInPage({ settings, signal }: GuiContext, udid: string): Promise<string> {
  const { ejected, ejectWords } = await import("../commands/eject/eject-and-open.js");
  return ejectWords(await ejected(settings, udid, signal), "The iPhone");
}

async function showAlbum({ settings, signal }: GuiContext, id: string): Promise<boolean> {
  const { showAlbumInPhotos } = await import("../../jxa/after-an-import.js");
  return await showAlbumInPhotos(await realRunner(settings, "question"), id, signal);
}

function automaticWrites({ settings }: GuiContext): string {
  const approval =
    "Rollcall notes that new photos of this iPhone may go into this Photos library without asking";
  return macPrograms(settings) === null
    ? `${approval}; a running "rollcall watch" imports them.`
    : `${approval}, makes Rollcall.app, and writes the file that starts it when you log in.`;
}

async function isAutomatic({ settings }: GuiContext, udid: string): Promise<boolean> {
  const { isApprovedIn } = await import("../../ledger/approved-phones.js");
  if (!(await isApprovedIn(join(settings.dataFolder, "ledger.sqlite"), udid))) return false;
  if (macPrograms(settings) === null) return true;
  const { isThere } = await import("../../integrations/set-up-files.js");
  const { agentPath } = await import("../../integrations/launchd/agent-plist.js");
  return isThere(agentPath(setUpFolders(settings)));
}

async function setAutomatic(
  { settings, signal }: GuiContext,
  {
    udid,
    isOn,
    finder,
    photosParts,
  }: {
    readonly udid: string;
    readonly isOn: boolean;
    readonly finder: PhoneFinder;
    readonly photosParts: PhotosParts;
  },
): Promise<void> {
  const seen = (await finder.look(signal)).find((one) => one.udid !== null && sameUdid(one.udid, udid));
  if (seen?.identity == null) {
    throw new RollcallError("PHONE_NOT_FOUND", {
      message: "That iPhone is not on the cable any more.",
      remedy: "Plug it in again.",
    });
  }
  const { identity } = seen;
  await withDataFolder({ settings }, async (data) => {
    if (isOn) await approvePhone(identity, data, photosParts, signal);
    else data.ledgerDatabase.withdrawApproval(udid);
  });
  const run = macPrograms(settings);
  if (!isOn || run === null) return;
  const { agentSetUp } = await import("../commands/setup/agent.js");
  const { lastingPath } = await import("../../integrations/how-to-start.js");
  const takeJob = lastingPath(builtFile("integrations/app/take-job.js"));
  const [how, folders] = [howToStart(settings), setUpFolders(settings)];
  await agentSetUp({ run, how, takeJob, folders, signal, note: () => {} }).install();
}
