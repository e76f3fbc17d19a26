import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { importFiles } from "../../dist/jxa/scripts/import-files.js";
import type { Script, ScriptEnvelope } from "../../src/jxa/run-script.js";
import { countItems } from "../../src/jxa/scripts/count-items.js";
import { type PhotosSetUp, withAlbum } from "../contracts/photos-library-contract.js";

/** A Photos that has a scratch library open, and the ways to ask it. */
export interface Mac extends PhotosSetUp {
  /** One script, and its envelope as it came; -1712 in place of one that did not come in time. */
  run<Input, Value>(
    script: Script<Input, Value>,
    input: Input,
    deadlineMs?: number,
  ): Promise<ScriptEnvelope<Value>>;
  /** Runs osascript itself with `-l JavaScript -e TEXT`. */
  evaluate(text: string): Promise<ProgramResult>;
  /** A program of macOS, ended after 20 s; null where Photos is a stand-in, which they know nothing of. */
  program(file: string, args: readonly string[]): Promise<ProgramResult | null>;
  /** Runs a script in a node of its own, which is left behind after 20 s. Its last argument is `last`. */
  node(script: string, last: string): Promise<ProgramResult>;
  /** The open package, which is known to be a scratch library. */
  readonly libraryPath: string;
  /** For a copy of the library's database. */
  readonly workFolder: string;
  /** How many videos of how many bytes are sent in one event that is to be large. */
  readonly large: { readonly count: number; readonly bytes: number };
  /** Of the volume that holds a folder. */
  freeBytes(folder: string): Promise<number>;
  /** How long after an event nothing more is expected to happen by itself. */
  readonly settleMs: number;
}

export interface ProgramResult {
  /** Null where it was ended, or could not be started. */
  readonly status: number | null;
  /** It was ended because it took too long. */
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** One thing that no source settles: asked of a Mac, and told in a sentence. */
export interface Experiment {
  readonly name: string;
  readonly question: string;
  /** What in the code stands on the answer. */
  readonly matters: string;
  /** All that are sent besides those of src/jxa/scripts. */
  readonly scripts?: readonly Script<never, unknown>[];
  /** Programs that are run besides osascript with a script, as a person would type them. */
  readonly programs?: readonly string[];
  /** It reads inside the package, which waits where macOS asks a person about it. */
  readonly readsLibrary?: true;
  /** Takes many minutes, so it is left out unless asked for. */
  readonly isLong?: true;
  readonly ask: (mac: Mac) => Promise<Finding>;
}

export interface Finding {
  /** What was found, in one sentence. */
  readonly says: string;
  /** What that was read from: plain JSON, of scratch items alone. */
  readonly observed: unknown;
}

/** What came of one import event. */
export interface Sent {
  readonly given: readonly string[];
  readonly answer: ScriptEnvelope<{ readonly ids: readonly string[] | null; readonly count: number | null }>;
  readonly inAlbum: readonly string[];
  /** How many more items the library has, whatever the album shows. */
  readonly added: number | null;
}

/** Imports `calls` one after the other into one album, and looks once Photos has had time to settle. */
export async function send(mac: Mac, ...calls: readonly (readonly string[])[]): Promise<Sent> {
  return withAlbum(mac, async ({ id: albumId }) => {
    const before = await mac.run(countItems, undefined);
    let answer: Sent["answer"] = { ok: false, number: 0, message: "nothing was sent", step: "" };
    for (const paths of calls) {
      answer = await mac.run(importFiles, { paths, albumId }, 300_000);
    }
    await mac.clock.wait(mac.settleMs);
    const contents = (await mac.photos.albumContents(albumId)) ?? [];
    const after = await mac.run(countItems, undefined);
    return {
      given: calls.flat().map((path) => basename(path)),
      answer,
      inAlbum: contents.map(({ filename }) => filename),
      added: before.ok && after.ok ? after.value - before.value : null,
    };
  });
}

/** With the number of its error, where the event failed. */
export function read(sent: Sent, says: string): { says: string; observed: Sent } {
  const { answer } = sent;
  return { says: answer.ok ? says : `${says} (the event fails with ${answer.number})`, observed: sent };
}

export function sizeOf(path: string): number {
  return statSync(path).size;
}

export function sha256Of(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
