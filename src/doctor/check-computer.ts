import { inGB, RESERVE_BYTES } from "../plan/space-needed.js";
import { advise, choose } from "../remedy.js";
import type { Check } from "./check.js";
import { note, ok, trouble } from "./finding.js";

/** With less than this a usual camera roll may not fit. */
const ROOMY_BYTES = 10e9;
const SPACE_MS = 10_000;
/** A large ledger on a slow disk is read whole. */
const LEDGER_MS = 30_000;

export const checkDataFolder: Check = {
  id: "data-folder",
  question: "data folder and ledger",
  deadlineMs: LEDGER_MS,
  blocks: "this computer",
  async look({ data }) {
    const { isThere } = await data.requireWritable(data.folder);
    await data.requireWritable(data.stagingFolder);
    if (!isThere) return [ok(`${data.folder} is not there yet: the first run makes it`)];
    const pid = await data.processAtWork();
    if (pid !== null)
      return [note(`another Rollcall seems to be running (process ${pid}): its ledger was left alone`)];
    const hasLedger = await data.lookAtLedger();
    return [ok(`${data.folder}, ${hasLedger ? "the ledger is whole" : "no ledger yet"}`)];
  },
};

export const checkSpace: Check = {
  id: "space",
  question: "space",
  deadlineMs: SPACE_MS,
  blocks: "space",
  async look({ data, photos }, signal) {
    const places = [{ what: "staging", ...(await data.freeSpace(data.stagingFolder)) }];
    const library = await photos?.process
      .openLibrary(signal)
      .then((path) => path ?? photos.usualLibrary(signal))
      .catch(() => null); // told by the check of the library
    const atLibrary = library == null ? null : await photos?.freeSpace(library, signal);
    if (atLibrary != null) places.push({ what: "library", ...atLibrary });
    const found = places.map(({ what, freeBytes }) => `${what} ${inGB(freeBytes)} free`).join(", ");
    const isOneVolume = places.length > 1 && places.every(({ volume }) => volume === places[0]?.volume);
    const least = Math.min(...places.map(({ freeBytes }) => freeBytes));
    const finding = isOneVolume ? `${found}, on one volume: a photo needs its size twice` : found;
    if (least <= RESERVE_BYTES) {
      const remedy = `Free some space: ${inGB(RESERVE_BYTES)} always stay free, so nothing can be imported.`;
      return [trouble("space", finding, `${remedy} ROLLCALL_STAGING names another volume.`)];
    }
    if (least >= ROOMY_BYTES) return [ok(finding)];
    return [
      note(
        finding,
        advise`A large import may not fit; it says so before the first byte. ${choose("limit")} or ${choose("since")} imports less, ROLLCALL_STAGING names another volume.`,
      ),
    ];
  },
};

/** Paths that do not stay: an agent or a Shortcut that was set up with one would be lost. */
const PASSING = /^\/(private\/)?(tmp|var\/folders)\/|\/_npx\//;

export const checkProgram: Check = {
  id: "program",
  question: "node and program",
  deadlineMs: SPACE_MS,
  blocks: "this computer",
  async look({ program }) {
    const { version, path, nodeVersion, nodePath } = program;
    const finding = `Node ${nodeVersion} at ${nodePath}, Rollcall ${version} at ${path}`;
    const [major = 0, minor = 0] = nodeVersion.split(".").map(Number);
    if (major < 20 || (major === 20 && minor < 19))
      return [trouble("this computer", finding, "Rollcall needs Node 20.19 or newer: update it.")];
    if ([nodePath, path].some((one) => PASSING.test(one)))
      return [
        note(finding, "It lies in a place that is cleared by itself. Install it to have it run by itself."),
      ];
    return [ok(finding)];
  },
};
