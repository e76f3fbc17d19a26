import { readFileSync } from "node:fs";
import type {
  EventValue,
  HostMessage,
  HostReply,
  RawEvent,
  RawReply,
  RunningApplication,
  SendAppleEvent,
} from "./apple-event.js";
import {
  connectionInvalid,
  EventFailure,
  fileNotFound,
  notPermitted,
  notRunning,
  timedOut,
} from "./event-failure.js";
import type { PhotosModel } from "./photos-model.js";
import { failedReply, replyOf, spellEvent } from "./raw-event.js";
import type { VirtualLibrary } from "./virtual-library.js";
import type { VirtualTime } from "./virtual-time.js";

/** What surrounds one script. */
interface ScriptSurroundings {
  readonly library: VirtualLibrary;
  readonly model: PhotosModel;
  readonly time: VirtualTime;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** One line of `console.log`. */
  log(text: string): void;
  /** The script asked for its own end; does not return. */
  exit(status: number): never;
  /** Called before and after everything the script asks; throws to end a script whose time is up. */
  stillWanted?(): void;
  /** How long the script may still take before somebody ends it, where that is known. */
  patienceMs?(): number;
  heard?(message: string, reply: string): void;
}

/** Failures of the way to Photos, not of Photos' handler: a raw event gets these as NSError. */
const transportFailures = [notPermitted, timedOut, connectionInvalid, notRunning];

/** The largest file that a script may read whole. */
const mostTextBytes = 64 * 1024 * 1024;

/** The far end of a prelude's one function. Never throws, but for {@link ScriptSurroundings}' own endings. */
export function scriptHost(surroundings: ScriptSurroundings): SendAppleEvent {
  return (messageText) => {
    surroundings.stillWanted?.();
    const reply = JSON.stringify(answer(surroundings, JSON.parse(messageText) as HostMessage));
    surroundings.heard?.(messageText, reply);
    surroundings.stillWanted?.();
    return reply;
  };
}

function answer(surroundings: ScriptSurroundings, message: HostMessage): HostReply {
  try {
    return { ok: true, value: answerGood(surroundings, message) };
  } catch (error) {
    if (!(error instanceof EventFailure)) throw error;
    return { ok: false, number: error.number, message: error.message };
  }
}

function answerGood(
  surroundings: ScriptSurroundings,
  message: HostMessage,
): EventValue | RawReply | RunningApplication[] {
  const { library, model, time } = surroundings;
  switch (message.ask) {
    case "event": {
      const { ask: _ask, ...event } = message;
      return model.answer(event, surroundings.patienceMs?.());
    }
    case "rawEvent":
      return answerRaw(surroundings, message);
    case "isRunning":
      return library.application.running !== null;
    case "launch":
      model.launch();
      return null;
    case "permission":
      return model.permission();
    case "terminate":
      return terminate(surroundings, message.pid, message.isForced);
    case "delay":
      time.pass(message.seconds * 1000);
      return null;
    case "log":
      surroundings.log(message.text);
      return null;
    case "readTextFile":
      return readText(message.path);
    case "environment":
      return surroundings.environment[message.name] ?? null;
    case "runningApplications": {
      const running = message.bundleIdentifier === "com.apple.Photos" ? library.application.running : null;
      return running === null ? [] : [{ pid: running.pid, launchedAt: running.startedAt.getTime() / 1000 }];
    }
    case "exit":
      return surroundings.exit(message.status);
  }
}

/** NSAppleEventSendWaitForReply; without both bits nobody waits for the reply, and none comes back. */
const waitForReply = 3;

function answerRaw({ model, patienceMs }: ScriptSurroundings, message: RawEvent): RawReply {
  const isAnswered = (message.sendOptions & waitForReply) === waitForReply;
  try {
    const reply = model.answer(spellEvent(message), patienceMs?.());
    return isAnswered ? replyOf(reply, model.standing().missingResultAsMsng === true) : { parameters: {} };
  } catch (error) {
    if (!(error instanceof EventFailure) || transportFailures.includes(error.number)) throw error;
    if (!isAnswered) return { parameters: {} };
    if (model.standing().rawErrorsAsNsError) throw error;
    return failedReply(error);
  }
}

/** A hanging Photos, or one with a sheet up, ends only by force. */
function terminate({ library, model }: ScriptSurroundings, pid: number, isForced: boolean): boolean {
  const { application } = library;
  model.catchUp();
  if (application.running?.pid !== pid || (application.sheet !== null && !isForced)) return false;
  application.end();
  return true;
}

function readText(path: string): string {
  try {
    const bytes = readFileSync(path);
    if (bytes.length > mostTextBytes) throw new RangeError("too large");
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new EventFailure(fileNotFound);
  }
}
