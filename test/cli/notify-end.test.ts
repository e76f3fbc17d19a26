import { expect, test } from "vitest";
import { withNotification } from "../../src/cli/commands/import/notify-end.js";
import { EXIT } from "../../src/cli/process/exit-status.js";
import { readSettings } from "../../src/cli/process/settings.js";
import { Output } from "../../src/cli/terminal/output.js";
import { RollcallError } from "../../src/errors.js";
import { FakeMac } from "../integrations/fake-mac.js";

async function contextOf(mac: FakeMac) {
  const settings = await readSettings(mac.environment);
  return {
    settings,
    output: new Output({}, { program: "rollcall", from: null }),
    signal: new AbortController().signal,
    mayAsk: false,
    typed: [],
  };
}
const toldBy = (mac: FakeMac) => mac.callsOf("osascript").map((call) => call.slice(-2));

test("the end of a run is shown in one line, with the remedy where something is wrong", async () => {
  using mac = new FakeMac();
  const context = await contextOf(mac);
  const ends = [{ summary: "2 new photos, all proved" }, { summary: "1 photo is not", remedy: "Look." }];
  for (const short of ends)
    expect(await withNotification(context, async () => ({ status: EXIT.wrongAnswers, short }))).toBe(3);
  expect(toldBy(mac)).toEqual([
    ["Rollcall", "2 new photos, all proved"],
    ["Rollcall", "1 photo is not\nLook."],
  ]);
});

test("an error is shown too, and still ends the command", async () => {
  using mac = new FakeMac();
  const error = new RollcallError("NO_PHONE", { message: "There is no iPhone.", remedy: "Plug it in." });
  const failing = withNotification(await contextOf(mac), () => Promise.reject(error));
  await expect(failing).rejects.toBe(error);
  expect(toldBy(mac)).toEqual([["Rollcall", "There is no iPhone.\nPlug it in."]]);
});

test.each(["absent", "exits 5", "killed"] as const)(
  "that nothing can be shown (osascript %s) changes nothing about how the run ended",
  async (osascript) => {
    using mac = new FakeMac({ osascript });
    const runImport = async () => ({ status: EXIT.ok, short: { summary: "Nothing new" } });
    expect(await withNotification(await contextOf(mac), runImport)).toBe(0);
  },
);
