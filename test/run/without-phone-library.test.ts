import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ImportHarness } from "./import-harness.js";
import { aae, jpeg, phoneWith } from "./small-phones.js";

const inDcim = "/DCIM/100APPLE/IMG_0001.JPG";
const fromICloud = "/PhotoData/CPLAssets/group12/0A1B2C3D-0000-4000-8000-000000000001.JPG";
const synced = "/PhotoData/Sync/100SYNCD/IMG_0002.JPG";
const render = "/PhotoData/Mutations/DCIM/100APPLE/IMG_0001/Adjustments/FullSizeRender.jpg";
const recipe = "/PhotoData/Mutations/DCIM/100APPLE/IMG_0001/Adjustments/Adjustments.plist";

/** An iPad, say: most of its originals lie outside DCIM, and it gives no database. */
const iPad = () =>
  phoneWith({
    [inDcim]: jpeg(1),
    [fromICloud]: jpeg(2),
    [synced]: jpeg(3),
    [render]: jpeg(4),
    [recipe]: aae(5),
  });

test("without the phone's library a copy takes the files that lie outside DCIM", async () => {
  using harness = new ImportHarness();
  const target = join(harness.folder, "copy");
  const { head } = await harness.copy(iPad(), target);
  expect(head.totals.byAnswer).toMatchObject({ proved: 5, failed: 0 });
  for (const path of [inDcim, fromICloud, synced, render, recipe])
    expect(existsSync(join(target, path)), path).toBe(true);
});

test.each([
  ["names each file outside DCIM as staying behind", undefined, [fromICloud, render, recipe, synced]],
  ["that is told to import photos from iCloud names edits alone", "import" as const, [render, recipe]],
])("without the phone's library an import %s", async (_what, icloud, staying) => {
  using harness = new ImportHarness();
  const { answers, answersByPath } = await harness.import(iPad(), { withoutPhoneLibrary: true, icloud });
  const failed = [...answers()].filter(({ answer }) => answer === "failed");
  expect(failed.map(({ path }) => path).sort()).toEqual([...staying].sort());
  for (const { reason } of failed) expect(reason?.code).toBe("LIBRARY_NOT_READ");
  for (const path of [inDcim, fromICloud, synced].filter((one) => !staying.includes(one)))
    expect(answersByPath.get(path), path).toBe("proved");
});
