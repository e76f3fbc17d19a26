import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { inCommandWords } from "../../src/cli/terminal/command-words.js";
import { RollcallError } from "../../src/errors.js";
import type { Remedy as ToDo } from "../../src/remedy.js";
import type { VirtualIPhone, VirtualIPhoneOptions } from "../../src/virtual/iphone/virtual-iphone.js";
import { startVirtualIPhone } from "../../src/virtual/iphone/virtual-iphone.js";
import { memoryDisk } from "../memory-disk.js";

/** What a person was told, or a file's answer says. */
export interface Told {
  readonly code: string;
  readonly message: string;
  readonly remedy: ToDo;
}

/** The same, as a person reads it who uses the command. */
export interface ToldInWords extends Told {
  readonly remedy: string;
}

/** A state in which something does not work, and how a person gets out of it. */
export interface Trouble {
  /** What is tried. Null where it works. */
  readonly attempt: () => Promise<Told | null>;
  /** What the remedy says; exactly that is done by `doIt` and `instead`. */
  readonly says: RegExp;
  readonly doIt?: (told: ToldInWords) => unknown;
  /** What the remedy says to try in place of the same again. */
  readonly instead?: (told: ToldInWords) => Promise<Told | null>;
}

/** One state of a code: played here, by a test elsewhere (a part of its title), or the reason why it cannot be. */
export type Remedy =
  | { readonly state: string; cause(table: Place): Promise<Trouble> | Trouble }
  | { readonly playedIn: string; readonly test: string }
  | { readonly cannotBePlayedHere: string };

export type Played = Extract<Remedy, { state: string }>;

export function isPlayed(remedy: object): remedy is Played {
  return "state" in remedy;
}

/** Causes the state, does what the remedy says, and sees it help. */
export async function play(code: string, remedy: Played): Promise<void> {
  const table = placeFor();
  const { attempt, says, doIt, instead = attempt } = await remedy.cause(table);
  const trouble = await attempt();
  const told = inWords(trouble);
  expect(told).toMatchObject({ code, remedy: expect.stringMatching(says) });
  await doIt?.(told);
  expect(await instead(told)).toBeNull();
}

function inWords(told: Told | null): ToldInWords {
  if (told === null) throw new Error("it works, without a remedy");
  const { code, message } = told;
  return { code, message, remedy: inCommandWords(told.remedy) };
}

/** Done in this process. */
export async function done(work: () => unknown): Promise<Told | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error;
    return error;
  }
}

/** A folder, and phones on one cable. */
export interface Place {
  readonly folder: string;
  readonly socketPath: string;
  plugIn(options?: Partial<VirtualIPhoneOptions>): Promise<VirtualIPhone>;
}

function placeFor(): Place {
  const folder = mkdtempSync(join(memoryDisk, "rc-r-"));
  const mediaFolder = join(folder, "media");
  mkdirSync(join(mediaFolder, "DCIM"), { recursive: true });
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const socketPath = join(folder, "usbmuxd");
  return {
    folder,
    socketPath,
    async plugIn(options) {
      const phone = await startVirtualIPhone({ mediaFolder, socketPath, name: "Anna's iPhone", ...options });
      onTestFinished(() => phone[Symbol.asyncDispose]());
      return phone;
    },
  };
}
