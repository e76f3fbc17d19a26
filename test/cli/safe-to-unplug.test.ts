import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeDemoParts } from "../../src/cli/compose/demo-parts.js";
import { importWith } from "../../src/cli/compose/import-with.js";
import { importRequest } from "../../src/cli/requests.js";
import { Output } from "../../src/cli/terminal/output.js";
import type { PhoneFinder } from "../../src/phone/phone-watch.js";

test('the phone is closed before an import prints its end, so "Safe to unplug" is true when it is read', async () => {
  const folder = mkdtempSync(join(tmpdir(), "rc-"));
  {
    await using made = await makeDemoParts(folder, 0);
    const said: string[] = [];
    const finder: PhoneFinder = {
      look: (signal) => made.deps.finder.look(signal),
      watch: (onChange, signal) => made.deps.finder.watch(onChange, signal),
      open: async (udid, signal) => {
        const phone = await made.deps.finder.open(udid, signal);
        const close = phone[Symbol.asyncDispose].bind(phone);
        phone[Symbol.asyncDispose] = async () => {
          await close();
          said.push("closed");
        };
        return phone;
      },
    };
    const context = {
      settings: made.settings,
      output: new Output({ quiet: true }, { program: "rollcall", from: null }),
      signal: new AbortController().signal,
      mayAsk: false,
      typed: [],
    };
    // Nothing chosen: what is imported is not the point, and Photos is not needed.
    const chosen = { limit: 1, name: "none" };
    const request = await importRequest(context, chosen, made.deps.libraryAccess);
    await importWith(context, { flags: {}, request }, { ...made.deps, finder }, async () => {
      said.push("told");
    });
    expect(said).toEqual(["closed", "told"]);
  }
  rmSync(folder, { recursive: true });
});
