import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { expect, test } from "vitest";
import type { LibraryPackages } from "../../src/photos/library-package.js";
import { SeededNumbers } from "../../src/virtual/iphone/seeded-numbers.js";
import { ImportHarness } from "./import-harness.js";
import { jpeg, phoneWith } from "./small-phones.js";

const CASES = Number(process.env.ROLLCALL_TEST_CASES ?? 3);
const SEED = Number(process.env.ROLLCALL_TEST_SEED ?? 20261130);
const STEPS = 6;
const request = { withoutPhoneLibrary: true, batchLimits: { items: 3, bytes: 1e9 } } as const;
const NOT_PERMITTED: LibraryPackages = {
  open: async () => ({ code: "LIBRARY_NOT_PERMITTED", message: "It may not be read.", remedy: "Allow it." }),
};

/** A desk whose Photos is quit between two steps, while packages are moved, replaced or robbed of photos. */
class World {
  harness = new ImportHarness();
  #name = "Test";
  #made = 0;
  readonly isReadable: boolean;

  constructor(isReadable: boolean) {
    this.isReadable = isReadable;
    this.#open();
  }

  get path(): string {
    return join(this.harness.folder, `${this.#name}.photoslibrary`);
  }

  /** @param how `replace`: a new one in its place; `move`: the same elsewhere; `lose`: one photo of it is gone */
  change(how: "replace" | "move" | "lose"): void {
    this.harness.photos.close();
    this.#made += 1;
    const other = join(this.harness.folder, `Other ${this.#made}.photoslibrary`);
    if (how === "lose") {
      const database = new DatabaseSync(join(this.path, "database/Photos.sqlite"));
      database.exec("DELETE FROM ZASSET WHERE Z_PK = (SELECT min(Z_PK) FROM ZASSET)");
      database.close();
    } else renameSync(this.path, other);
    if (how === "move") this.#name = `Other ${this.#made}`;
    this.harness = new ImportHarness(this.harness.folder);
    this.#open();
  }

  #open(): void {
    const { harness } = this;
    const usual = join(harness.folder, "Test.photoslibrary");
    if (this.path !== usual) {
      harness.photos.openLibrary(this.path);
      if (existsSync(usual)) rmSync(usual, { recursive: true });
    }
    if (!this.isReadable) harness.originals = NOT_PERMITTED;
    const parts = harness.parts.bind(harness);
    harness.parts = async (...args) => {
      const made = await parts(...args);
      Object.assign(made.process, { openLibrary: async () => harness.photos.openLibraryPath() });
      return made;
    };
  }

  /** Names and ids of what is in the open library. */
  content(): { names: string[]; ids: Set<string> } {
    const database = new DatabaseSync(join(this.path, "database/Photos.sqlite"), { readOnly: true });
    const rows = database
      .prepare(
        `SELECT ZUUID AS id, ZORIGINALFILENAME AS name FROM ZASSET
         JOIN ZADDITIONALASSETATTRIBUTES AS x ON x.ZASSET = ZASSET.Z_PK`,
      )
      .all();
    database.close();
    return { names: rows.map(({ name }) => String(name)), ids: new Set(rows.map(({ id }) => String(id))) };
  }
}

test.each(Array.from({ length: CASES }, (_, at) => SEED + at))(
  "restored phones and moved or replaced libraries: nothing twice, nothing falsely known (seed %i)",
  async (seed) => {
    const chance = new SeededNumbers(seed);
    const world = new World(chance.below(2) === 0);
    try {
      for (let step = 0; step < STEPS; step += 1) {
        const numbers = [1, 2, 3, 4].filter(() => chance.below(3) > 0);
        // One that is new each time, so that the library is read in every run.
        const files = [...numbers, 100 + step].map((number) => {
          const modifiedAt = new Date(Date.UTC(2026, 9, 1 + (number % 100)));
          return [`/DCIM/100APPLE/IMG_${1000 + number}.JPG`, { bytes: jpeg(number), modifiedAt }] as const;
        });
        const udid = `phone ${chance.below(2)}`;
        const phone = phoneWith(Object.fromEntries(files), { identity: { udid } });
        const { answers } = await world.harness.import(phone, request);
        const { names, ids } = world.content();
        expect(new Set(names).size, `step ${step}: a photo is in it twice`).toBe(names.length);
        for (const { path, answer, photosId } of answers()) {
          if (answer !== "proved" && !(answer === "present" && world.isReadable)) continue;
          expect(ids, `step ${step}: ${path} is called ${answer}`).toContain(photosId?.split("/")[0]);
        }
        const change = (["none", "replace", "move", "lose"] as const)[chance.below(4)]!;
        if (change !== "none") world.change(change);
      }
    } finally {
      world.harness[Symbol.dispose]();
    }
  },
  120_000,
);
