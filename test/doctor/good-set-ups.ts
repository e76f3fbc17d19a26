import { inCommandWords } from "../../src/cli/terminal/command-words.js";
import type { ExamineDeps } from "../../src/doctor/examine-parts.js";
import type { LastRun } from "../../src/doctor/last-run.js";
import { recordedPhotos } from "../../src/doctor/recorded-photos.js";
import type { RollcallError } from "../../src/errors.js";
import { eventError } from "../../src/jxa/apple-event-errors.js";
import { goodParts, rightsOf, START, seenPhone } from "./good-parts.js";

/** Everything set up, and as it should be. */
export function allSetUp(): NonNullable<ExamineDeps["setUps"]> {
  const agent = "/Users/anna/Library/LaunchAgents/local.rollcall.watch.plist";
  const usual = goodParts().setUps!;
  return {
    ...usual,
    agent: {
      ...usual.agent,
      file: () => ({ path: agent, start: START }),
      state: async () => ({
        kind: "loaded",
        path: agent,
        command: [START.node, START.program, "watch", "--agent"],
        pid: 4711,
        lastStatus: null,
      }),
    },
    app: { ...usual.app, state: () => "allowed", path: "/Users/anna/Applications/Rollcall.app" },
    quickAction: {
      file: () => ({ path: "/Users/anna/Library/Services/Import from iPhone.workflow", start: START }),
    },
    notifiesAs: "Rollcall",
    shortcuts: {
      ...usual.shortcuts,
      isMade: () => true,
      listed: async () => ({ names: usual.shortcuts.names }),
    },
  };
}

/** An import from Shortcuts that went well yesterday. */
export function lastRun(otherwise: Partial<LastRun> = {}): LastRun {
  return {
    from: "shortcuts",
    command: "import",
    pid: 4712,
    startedAt: new Date(2026, 10, 21, 18, 3),
    endedAt: new Date(2026, 10, 21, 18, 7),
    status: 0,
    nodePath: START.node,
    nodeVersion: "20.19.4",
    programPath: START.program,
    version: "0.1.0",
    failure: null,
    photos: { control: "allowed", library: "allowed", libraryPath: "/Pictures/Photos Library.photoslibrary" },
    ...otherwise,
  };
}

const refusal = eventError({ ok: false, number: -1743, message: "", step: "import" }) as RollcallError;

/** As an import ends to which macOS refuses Photos. */
export const REFUSED = {
  status: 4,
  failure: {
    code: refusal.code,
    message: refusal.message,
    why: refusal.why ?? null,
    remedy: inCommandWords(refusal.remedy),
  },
  photos: { control: "refused", library: "refused", libraryPath: "/Pictures/Photos Library.photoslibrary" },
} as const;

const OLD_NODE = "/opt/homebrew/Cellar/node/20.18.0/bin/node";

/** A Mac on which nearly everything is wrong that can be. */
export function brokenParts(): ExamineDeps {
  const setUps = allSetUp();
  return goodParts({
    mac: { macosVersion: async () => "12.7.6" },
    photos: {
      rights: rightsOf({ mayControl: async () => "refused", mayReadLibrary: async () => "refused" }),
      freeSpace: async () => ({ volume: "1", freeBytes: 200e6 }),
    },
    data: { freeSpace: async () => ({ volume: "1", freeBytes: 200e6 }) },
    program: { path: "/private/tmp/rollcall/dist/main.js" },
    setUps: {
      ...setUps,
      agent: { ...setUps.agent, state: async () => ({ kind: "not-loaded" }) },
      quickAction: {
        file: () => ({ path: "/Users/anna/Library/Services", start: { ...START, node: OLD_NODE } }),
      },
      shortcuts: { ...setUps.shortcuts, listed: async () => ({ names: [] }) },
      goneOf: async ({ node }) => (node === OLD_NODE ? [node] : []),
      sleep: { idleMinutes: async () => 1, isCaffeinateThere: async () => false },
    },
    runs: { last: (place) => (place === "shortcuts" ? [lastRun(REFUSED)] : []) },
    cable: {
      phonesOnBus: async () => null,
      finder: { look: async () => [seenPhone("Anna's iPhone", "not-trusted")] },
    },
  });
}

/** A Mac where all is set up, and where this is what the last import from Shortcuts left behind. */
export function partsFromShortcuts(run: Partial<LastRun> = {}): ExamineDeps {
  const last = [lastRun(run)];
  return goodParts({
    setUps: allSetUp(),
    from: "shortcuts",
    runs: { last: () => last },
    photos: recordedPhotos(last, "Shortcuts", {
      usualLibrary: async () => null,
      freeSpace: async () => ({ volume: "1", freeBytes: 212e9 }),
    }),
  });
}
