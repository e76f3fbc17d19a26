import { type Clock, systemClock } from "../clock.js";
import { RollcallError, stopped } from "../errors.js";
import type { PhotosAlbum, PhotosItem } from "../photos/photos-item.js";
import type { ImportReply, PhotosLibrary } from "../photos/photos-library.js";
import type { PhotosProcess } from "../photos/photos-process.js";
import { eventError, meaningOf } from "./apple-event-errors.js";
import { answerOf, askPhotos, isWithoutAnswer } from "./ask-photos.js";
import { type RunScript, type Script, ScriptDeadlineError, type ScriptEnvelope } from "./run-script.js";
import { addToAlbum } from "./scripts/add-to-album.js";
import { albumContents } from "./scripts/album-contents.js";
import { countItems } from "./scripts/count-items.js";
import { createAlbum } from "./scripts/create-album.js";
import { deleteAlbum } from "./scripts/delete-album.js";
import { describeAlbum } from "./scripts/describe-album.js";
import { describeItems } from "./scripts/describe-items.js";
import { findAlbums } from "./scripts/find-albums.js";
import { importFiles } from "./scripts/import-files.js";
import { importFilesRaw } from "./scripts/import-files-raw.js";
import { launchPhotos } from "./scripts/launch-photos.js";
import { renameAlbum } from "./scripts/rename-album.js";

/** JXA waits up to 120 s for each event; a script that sends a few is given time for two such waits. */
const FEW_EVENTS_MS = 300_000;
/** A library with many items may answer one event a second; one script asks for this many. */
const ITEMS_PER_SCRIPT = 100;
const RAW_EVENT_HEAD_START_MS = 10_000;
/** The caller allows this long for some 250 MB and more. */
const OUTLASTS_PLAIN_EVENT_MS = 420_000;
const EVENT_NOT_KNOWN = -1708;
/** Errors about the event or its result (wrong type, missing parameter): the next batches go the plain way. */
const ABOUT_THE_EVENT: ReadonlySet<number> = new Set([-50, -1700, -1701, -1702, -1703, -1704, -1708, -1715]);
const BETWEEN_PROBES_MS = 1_000;
/** An osascript that ends at once and says nothing will say nothing the next time either. */
const NO_ENVELOPE = "no envelope";
const MOST_WITHOUT_ENVELOPE = 3;

export interface JxaPhotosLibraryParts {
  readonly runScript: RunScript;
  readonly photosProcess: PhotosProcess;
  readonly clock?: Clock;
  /**
   * "raw" gives the import event a time-out of its own, so that a large film does not end in -1712; with
   * "plain" that comes after about two minutes, and the caller looks. The raw event is unverified on macOS,
   * so the default is "by-size": raw for batches that would outlast the plain one, and plain for good once
   * Photos has replied that it does not understand the raw one.
   */
  readonly importEvent?: "plain" | "raw" | "by-size";
  /** How long Photos may take to start and open its library. Default 120 s. */
  readonly readyTimeoutMs?: number;
}

/** PhotosLibrary over the scripts in `scripts/`, whichever way they are run. */
export class JxaPhotosLibrary implements PhotosLibrary {
  readonly #runScript: RunScript;
  readonly #photosProcess: PhotosProcess;
  readonly #clock: Clock;
  #importEvent: "plain" | "raw" | "by-size";
  readonly #readyTimeoutMs: number;

  constructor({
    runScript,
    photosProcess,
    clock = systemClock,
    importEvent = "by-size",
    readyTimeoutMs = 120_000,
  }: JxaPhotosLibraryParts) {
    this.#runScript = runScript;
    this.#photosProcess = photosProcess;
    this.#clock = clock;
    this.#importEvent = importEvent;
    this.#readyTimeoutMs = readyTimeoutMs;
  }

  async makeReady(signal?: AbortSignal): Promise<{ readonly version: string }> {
    const running = await this.#photosProcess.running(signal);
    if (running === null || running === "unknown") await this.#photosProcess.start(signal);

    const giveUpAt = this.#clock.now().getTime() + this.#readyTimeoutMs;
    let withoutEnvelope = 0;
    for (;;) {
      const leftMs = giveUpAt - this.#clock.now().getTime();
      // Never cut short: the first event blocks while macOS asks whether it may be sent at all.
      const probe = await this.#probe(Math.max(1, leftMs), signal);
      if (probe.ok) return probe.value;
      if (probe.step === NO_ENVELOPE && (withoutEnvelope += 1) >= MOST_WITHOUT_ENVELOPE)
        throw photosUnavailable(probe.number, probe.message);
      // Early events of a starting Photos fail in several ways; only these two numbers will not get better.
      if (meaningOf(probe.number).outcome === "not-permitted") throw eventError(probe);
      if (probe.number === -10810 || this.#clock.now().getTime() + BETWEEN_PROBES_MS >= giveUpAt) {
        throw photosUnavailable(probe.number, probe.message);
      }
      await this.#clock.wait(BETWEEN_PROBES_MS, signal).catch((error: unknown) => {
        throw signal?.aborted ? stopped(signal) : error;
      });
    }
  }

  async createAlbum(name: string, signal?: AbortSignal): Promise<PhotosAlbum> {
    const { id } = await this.#write(createAlbum, { name }, FEW_EVENTS_MS, signal);
    return { id, name, length: 0 };
  }

  async findAlbums(name: string, signal?: AbortSignal): Promise<PhotosAlbum[]> {
    const found = await this.#read(findAlbums, { name }, signal);
    return found.filter((album) => album.name.normalize("NFC") === name.normalize("NFC"));
  }

  async describeAlbum(id: string, signal?: AbortSignal): Promise<PhotosAlbum | null> {
    const album = await this.#read(describeAlbum, { id }, signal);
    return album && { id, ...album };
  }

  async renameAlbum(id: string, name: string, signal?: AbortSignal): Promise<void> {
    await this.#write(renameAlbum, { id, name }, FEW_EVENTS_MS, signal);
  }

  async deleteAlbum(id: string, signal?: AbortSignal): Promise<boolean> {
    return await this.#write(deleteAlbum, { id }, FEW_EVENTS_MS, signal);
  }

  async albumContents(
    id: string,
    signal?: AbortSignal,
    { withoutSizes = false }: { readonly withoutSizes?: boolean } = {},
  ): Promise<PhotosItem[] | null> {
    const lists = await this.#read(albumContents, { id, withoutSizes }, signal);
    return (
      lists?.ids.map((itemId, index) => ({
        id: itemId,
        filename: lists.filenames[index] ?? "",
        sizeBytes: lists.sizes[index] ?? null,
      })) ?? null
    );
  }

  async importFiles(
    paths: readonly string[],
    { albumId, timeoutMs, signal }: { albumId: string; timeoutMs: number; signal?: AbortSignal },
  ): Promise<ImportReply> {
    const isLong = timeoutMs > OUTLASTS_PLAIN_EVENT_MS;
    if (this.#importEvent === "raw" || (this.#importEvent === "by-size" && isLong)) {
      // The event gives up first, so that Photos' own answer is heard.
      const timeoutSeconds = Math.max(1, Math.floor((timeoutMs - RAW_EVENT_HEAD_START_MS) / 1000));
      const input = { paths, albumId, timeoutSeconds };
      const envelope = await answerOf(this.#runScript, importFilesRaw, input, {
        deadlineMs: timeoutMs,
        signal,
        changesSomething: true,
      });
      if (envelope.ok) return envelope.value;
      if (ABOUT_THE_EVENT.has(envelope.number) || envelope.step === "build") this.#importEvent = "plain";
      // Sent again at once only where nothing can have been done: the bridge could not build the event, or
      // Photos does not know it. A wrong type may be about its result, with the work done: the caller looks.
      if (envelope.step !== "build" && envelope.number !== EVENT_NOT_KNOWN) throw eventError(envelope);
    }
    return await this.#write(importFiles, { paths, albumId }, timeoutMs, signal);
  }

  async countItems(signal?: AbortSignal): Promise<number> {
    return await this.#read(countItems, undefined, signal);
  }

  async addToAlbum(itemIds: readonly string[], albumId: string, signal?: AbortSignal): Promise<void> {
    await this.#write(addToAlbum, { itemIds, albumId }, FEW_EVENTS_MS, signal);
  }

  async describeItems(ids: readonly string[], signal?: AbortSignal): Promise<Map<string, PhotosItem>> {
    const known = new Map<string, PhotosItem>();
    for (let start = 0; start < ids.length; start += ITEMS_PER_SCRIPT) {
      const some = ids.slice(start, start + ITEMS_PER_SCRIPT);
      for (const { id, filename } of await this.#read(describeItems, { ids: some }, signal)) {
        known.set(id, { id, filename, sizeBytes: null });
      }
    }
    return known;
  }

  #read<Input, Value>(script: Script<Input, Value>, input: Input, signal: AbortSignal | undefined) {
    const options = { deadlineMs: FEW_EVENTS_MS, signal, changesSomething: false };
    return askPhotos(this.#runScript, script, input, options);
  }

  #write<Input, Value>(
    script: Script<Input, Value>,
    input: Input,
    deadlineMs: number,
    signal: AbortSignal | undefined,
  ) {
    return askPhotos(this.#runScript, script, input, { deadlineMs, signal, changesSomething: true });
  }

  async #probe(
    deadlineMs: number,
    signal: AbortSignal | undefined,
  ): Promise<ScriptEnvelope<{ version: string }>> {
    try {
      return await this.#runScript(launchPhotos, { launch: false }, { deadlineMs, signal });
    } catch (error) {
      if (isWithoutAnswer(error))
        return {
          ok: false,
          number: -1712,
          message: error.message,
          step: error instanceof ScriptDeadlineError ? "version" : NO_ENVELOPE,
        };
      throw error;
    }
  }
}

function photosUnavailable(number: number, message: string): RollcallError {
  const { cause, remedy } = meaningOf(number);
  return new RollcallError("PHOTOS_UNAVAILABLE", {
    message: "Photos does not answer.",
    why: `${cause} (${number}: ${message})`,
    remedy,
  });
}
