import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { configPath, readConfig } from "../../src/cli/process/config-file.js";
import { commandWords } from "../../src/cli/terminal/command-words.js";
import type { ErrorCode } from "../../src/errors.js";
import { ReceiptFolder } from "../../src/receipt/receipt-folder.js";
import { readReceipt } from "../../src/receipt/receipt-json.js";
import { ImportHarness } from "../run/import-harness.js";
import { jpeg, phoneWith } from "../run/small-phones.js";
import { done, type Remedy } from "./remedy.js";

const TROUBLE = "test/transcripts/trouble.test.ts";
const NO_NEWER = "there is no newer Rollcall to update to";

const twoPhotos = () =>
  phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1), "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2) });

const answering = (isYes: boolean) => ({
  confirmFirstRun: async () => isYes,
  chooseICloud: async () => "import" as const,
});

/** The receipt of an import, and the folder that it was kept in. */
async function keptReceipt() {
  const harness = new ImportHarness();
  onTestFinished(() => harness[Symbol.dispose]());
  const { receiptPath } = await harness.import(twoPhotos(), { withoutPhoneLibrary: true });
  return { receiptPath, folder: dirname(receiptPath) };
}

/** What is asked for is no receipt; one of those that rollcall receipts lists is. */
function wrongPath(state: string, make: (path: string) => void): Remedy {
  return {
    state,
    async cause({ folder }) {
      const path = join(folder, "x.json");
      make(path);
      const { folder: kept } = await keptReceipt();
      return {
        attempt: () => done(() => readReceipt(path)),
        says: /^rollcall receipts lists the stored ones\.$/,
        instead: () =>
          done(async () => readReceipt((await new ReceiptFolder(kept, commandWords).list())[0]!)),
      };
    },
  };
}

export const USAGE_REMEDIES = {
  BAD_USAGE: [{ playedIn: TROUBLE, test: "yes in the config file agrees to an import" }],
  BAD_CONFIG: [
    {
      state: "a name that it may not hold",
      cause({ folder }) {
        const data = join(folder, "data");
        mkdirSync(data);
        writeFileSync(configPath(data), '{"keep_albums": true}');
        return {
          attempt: () => done(() => readConfig(data)),
          says: /^Correct the file, or rename it\.$/,
          doIt: () => renameSync(configPath(data), join(data, "config.old")),
        };
      },
    },
  ],
  NO_SUCH_ALBUM: [{ playedIn: TROUBLE, test: "an album that the phone does not have" }],
  NO_SUCH_FOLDER: [
    {
      state: "a folder that the phone does not have",
      cause() {
        const harness = new ImportHarness();
        onTestFinished(() => harness[Symbol.dispose]());
        const copy = (folder: string) =>
          done(() => harness.import(twoPhotos(), { withoutPhoneLibrary: true, selection: { folder } }));
        return {
          attempt: () => copy("999APPLE"),
          says: /\d{3}APPLE/,
          instead: ({ remedy }) => copy(/\d{3}APPLE/.exec(remedy)![0]),
        };
      },
    },
  ],
  RECEIPT_NOT_FOUND: [
    {
      state: "before the first import",
      cause: ({ folder }) => ({
        attempt: () => done(() => new ReceiptFolder(folder, commandWords).find()),
        says: /^rollcall import makes the first\.$/,
        instead: async () =>
          done(async () => new ReceiptFolder((await keptReceipt()).folder, commandWords).find()),
      }),
    },
    wrongPath("a path where none is", () => {}),
  ],
  RECEIPT_UNREADABLE: [wrongPath("a damaged one", (path) => writeFileSync(path, '{"receipt": 1'))],
  RECEIPT_FROM_THE_FUTURE: [{ cannotBePlayedHere: NO_NEWER }],
  STOPPED: [{ playedIn: TROUBLE, test: "the same command goes on, and the folder is as on the phone" }],
  DECLINED: [
    {
      state: "a person says no, and imports less",
      cause() {
        const harness = new ImportHarness();
        onTestFinished(() => harness[Symbol.dispose]());
        harness.questions = answering(false);
        const runImport = (selection: object) =>
          done(() => harness.import(twoPhotos(), { withoutPhoneLibrary: true, selection }));
        return {
          attempt: () => runImport({}),
          says: /^rollcall plan shows what would come; --since, --kind and --limit import less\.$/,
          doIt: () => {
            harness.questions = answering(true);
          },
          instead: async () => {
            const told = await runImport({ limit: 1 });
            if (harness.itemCount() !== 1) throw new Error(`${harness.itemCount()} photos came`);
            return told;
          },
        };
      },
    },
  ],
  BUG: [{ cannotBePlayedHere: "nothing that is known causes it, and what helps is a report" }],
} satisfies Partial<Record<ErrorCode, readonly Remedy[]>>;
