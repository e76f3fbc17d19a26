import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SeededNumbers } from "../../src/virtual/iphone/seeded-numbers.js";
import type { ImportHarness } from "./import-harness.js";

export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Strikes at files and rows of the package, as bad luck does. */
export function damage(harness: ImportHarness, numbers: SeededNumbers): void {
  const package_ = harness.photos.library.path;
  const database = harness.photos.library.database;
  const uuids = (database.prepare("SELECT ZUUID AS uuid FROM ZASSET").all() as { uuid: string }[]).map(
    ({ uuid }) => uuid,
  );
  for (let activeFaults = numbers.below(4); activeFaults > 0; activeFaults -= 1) {
    const files = [join(package_, "originals"), join(package_, "resources")].flatMap(filesBelow);
    const [one, other] = [files[numbers.below(files.length)]!, files[numbers.below(files.length)]!];
    const uuid = uuids[numbers.below(uuids.length)]!;
    const bytes = readFileSync(one);
    switch (numbers.below(7)) {
      case 0:
        bytes[numbers.below(bytes.length)]! ^= 1 + numbers.below(255);
        writeFileSync(one, bytes);
        break;
      case 1:
        writeFileSync(one, bytes.subarray(0, numbers.below(bytes.length)));
        break;
      case 2:
        rmSync(one);
        break;
      case 3:
        writeFileSync(one, readFileSync(other));
        break;
      case 4:
        database.prepare("UPDATE ZASSET SET ZTRASHEDSTATE = 1 WHERE ZUUID = ?").run(uuid);
        break;
      case 5:
        database.prepare("DELETE FROM ZASSET WHERE ZUUID = ?").run(uuid);
        break;
      default:
        database
          .prepare("DELETE FROM ZINTERNALRESOURCE WHERE ZASSET = (SELECT Z_PK FROM ZASSET WHERE ZUUID = ?)")
          .run(uuid);
    }
  }
}
