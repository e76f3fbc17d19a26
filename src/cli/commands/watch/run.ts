import { join } from "node:path";
import { systemClock } from "../../../clock.js";
import { importWhenPhoneArrives, type WatchEvent } from "../../../run/import-when-phone-arrives.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { twoDigits } from "../../../text/two-digits.js";
import { tilde } from "../../../words/wording.js";
import type { CommandBody, CommandContext } from "../../command-context.js";
import { realPhones } from "../../compose/real-parts.js";
import type { WatchLock } from "../../process/data-folder-lock.js";
import { claimDataFolder } from "../../process/folders.js";
import { inCommandWords, wordedInJson } from "../../terminal/command-words.js";
import { isUnheard, writeOut } from "../../terminal/standard-output.js";
import type { WatchFlags } from "./command.js";
import { watchLines, watchObject } from "./lines.js";
import { importInChild, importThroughApp, type StartImport } from "./start-import.js";
import { keepSmall, logFolder, WatchLog } from "./watch-log.js";

/**
 * Imports from each approved phone when it is plugged in, until it is stopped. What an import needs is loaded in the
 * import's own process: this one stays small.
 */
export const watch: CommandBody<WatchFlags> = async (context, flags) => {
  if (flags.approve !== undefined || flags.disapprove !== undefined)
    return await (await import("./approve.js")).changeApproval(context, flags);
  const { settings, signal } = context;
  const { isApprovedIn } = await import("../../../ledger/approved-phones.js");
  await claimDataFolder(settings.dataFolder);
  const log = new WatchLog(await logFolder(settings));
  if (flags.agent === true) await keepOutputSmall(context);
  const post = await takePost(context, flags, log);
  const report = reporter(context, flags, log);
  const startImport = await importWay(context, flags);
  const notify = failureNotice(context, flags);
  if (flags.agent !== true)
    context.output.note(`Watching for iPhones. Log: ${escapeControls(tilde(log.path))}   Ctrl-C ends it.`);
  log.write(logLine(`watching   process ${process.pid}`));
  const ledgerPath = join(settings.dataFolder, "ledger.sqlite");
  try {
    return await importWhenPhoneArrives(
      {
        finder: await realPhones(settings, { mayPair: false }),
        clock: systemClock,
        signal,
        isApproved: (udid) => isApprovedIn(ledgerPath, udid),
        importFrom: startImport,
        report: (event) => {
          report(event);
          notify(event);
        },
      },
      (flags.minInterval ?? 0) * 60_000,
    );
  } finally {
    log.write(logLine(signal.aborted ? "stopped    as asked" : "stopped    by trouble"));
    await post.release();
  }
};

/** A watch that ended in trouble every half minute, for weeks, would fill it. */
async function keepOutputSmall({ settings }: CommandContext): Promise<void> {
  const { agentOutputPath } = await import("../../../integrations/launchd/agent-plist.js");
  const { setUpFolders } = await import("../../compose/mac-programs.js");
  keepSmall(agentOutputPath(setUpFolders(settings)));
}

/** The agent waits for its turn: launchd would start it again and again. */
const BETWEEN_TRIES_MS = 30_000;

/** @throws RollcallError ANOTHER_ROLLCALL, STOPPED */
async function takePost(
  { settings, signal }: CommandContext,
  { agent }: WatchFlags,
  log: WatchLog,
): Promise<WatchLock> {
  const { anotherWatch, lockWatch } = await import("../../process/data-folder-lock.js");
  for (let tries = 1; ; tries += 1) {
    const post = await lockWatch(settings.dataFolder);
    if (post !== null) return post;
    const trouble = anotherWatch(settings.dataFolder, tilde(log.path));
    if (agent !== true) throw trouble;
    if (tries === 1) log.write(logLine(`waiting    ${trouble.message}`));
    await systemClock.wait(BETWEEN_TRIES_MS, signal);
  }
}

/** Through Rollcall.app where the agent has one; else as a child of this process. */
async function importWay({ settings }: CommandContext, { agent }: WatchFlags): Promise<StartImport> {
  const { macPrograms, setUpFolders } = await import("../../compose/mac-programs.js");
  if (agent !== true || macPrograms(settings) === null) return importInChild();
  const { appPath } = await import("../../../integrations/app/app-identity.js");
  const { isThere } = await import("../../../integrations/set-up-files.js");
  const [inChild, throughApp] = [importInChild(), importThroughApp(settings)];
  return (phone, stop) => (isThere(appPath(setUpFolders(settings))) ? throughApp : inChild)(phone, stop);
}

function reporter({ output }: CommandContext, { agent, quiet }: WatchFlags, log: WatchLog) {
  return (event: WatchEvent): void => {
    const at = systemClock.now();
    const lines = watchLines(event).map(escapeControls);
    log.write(logLine(lines.filter((line) => line !== "").join("   "), at));
    if (agent === true || isUnheard()) return;
    if (output.isJson) void writeOut(`${JSON.stringify(watchObject(event, at), wordedInJson)}\n`);
    else if (quiet !== true) void output.result(...onScreen(lines, at));
  };
}

/** "14:05:12  imported   Anna's iPhone: 412 new photos, all proved", and what to do below it. */
function onScreen([first = "", ...more]: readonly string[], at: Date): string[] {
  return [
    `${clockTime(at)}  ${first}`,
    ...more.filter((line) => line !== "").map((line) => `${" ".repeat(10)}${line}`),
  ];
}

/**
 * What nobody looks at is said once: new photos, and the first trouble of an arrival. A trouble of the agent never only
 * by a notification, which may be seen by nobody. Best effort.
 */
function failureNotice(
  { settings, signal }: CommandContext,
  { agent }: WatchFlags,
): (event: WatchEvent) => void {
  return (event) => {
    const isNews = event.type === "imported" && event.newItems > 0;
    // Another Rollcall is most likely the person's own import, and no news.
    const isTrouble = event.type === "failed" && event.isFirst && event.code !== "ANOTHER_ROLLCALL";
    if (!isNews && !isTrouble) return;
    const text =
      event.type === "imported" ? event.summary : `${event.message}\n${inCommandWords(event.remedy)}`;
    const show = async () => {
      const { macPrograms, setUpFolders } = await import("../../compose/mac-programs.js");
      const { notify, notifyFailure } = await import("../../../integrations/notification.js");
      const run = macPrograms(settings);
      const folders = setUpFolders(settings);
      const show = isTrouble && agent === true ? notifyFailure : notify;
      if (run !== null) await show({ run, folders, signal }, "Rollcall", shownLines(text));
    };
    show().catch(() => {}); // the log has it
  };
}

function shownLines(text: string): string {
  return text.split("\n").map(escapeControls).join("\n");
}

function logLine(text: string, at: Date = systemClock.now()): string {
  const date = [at.getFullYear(), twoDigits(at.getMonth() + 1), twoDigits(at.getDate())].join("-");
  return `${date} ${clockTime(at)}  ${text}`;
}

function clockTime(at: Date): string {
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(":");
}
