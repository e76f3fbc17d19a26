import { readFileSync } from "node:fs";
import type {
  EventValue,
  HostMessage,
  HostReply,
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
export interface ScriptSurroundings {
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
}

/** Failures of the way to Photos, not of Photos' handler: a raw event gets these as NSError. */
const transportFailures = [notPermitted, timedOut, connectionInvalid, notRunning];

/** The largest file that a script may read whole. */
const mostTextBytes = 64 * 1024 * 1024;

/** The far end of a prelude's one function. Never throws, but for {@link ScriptSurroundings}' own endings. */
export function scriptHost(surroundings: ScriptSurroundings): SendAppleEvent {
  return (messageText) => {
    surroundings.stillWanted?.();
    const reply = answer(surroundings, JSON.parse(messageText) as HostMessage);
    surroundings.stillWanted?.();
    return JSON.stringify(reply);
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
      return model.answer(event);
    }
    case "rawEvent":
      try {
        return replyOf(model.answer(spellEvent(message)));
      } catch (error) {
        if (!(error instanceof EventFailure) || transportFailures.includes(error.number)) throw error;
        return failedReply(error);
      }
    case "isRunning":
      return library.application.running !== null;
    case "launch":
      library.application.launch(time.now());
      return null;
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

function readText(path: string): string {
  try {
    const bytes = readFileSync(path);
    if (bytes.length > mostTextBytes) throw new RangeError("too large");
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new EventFailure(fileNotFound);
  }
}
