import { type Clock, systemClock } from "../clock.js";
import { RollcallError, stopped } from "../errors.js";
import type { PhotosAlbum, PhotosItem } from "../photos/photos-item.js";
import type { ImportEventKind, ImportReply, PhotosLibrary } from "../photos/photos-library.js";
import type { PhotosProcess } from "../photos/photos-process.js";
import { eventError, meaningOf } from "./apple-event-errors.js";
import { askPhotos, isWithoutAnswer } from "./ask-photos.js";
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

/** JXA waits up to 120 s for each event; a change sends a few, and is given time for two such waits. */
const CHANGE_MS = 300_000;
/** A question ends with the first event that fails: whoever is silent for longer than one wait is asked anew. */
const QUESTION_MS = 150_000;
/** A library with many items may answer one event a second; one script asks for this many, and may take longer. */
const ITEMS_PER_SCRIPT = 100;
const MANY_EVENTS_MS = 300_000;
/** The event gives up before osascript is killed, so that Photos' own answer is heard. */
const EVENT_HEAD_START_MS = 10_000;
const BETWEEN_PROBES_MS = 1_000;
/** An osascript that ends at once and says nothing will say nothing the next time either. */
const NO_ENVELOPE = "no envelope";
const MOST_WITHOUT_ENVELOPE = 3;

interface JxaPhotosLibraryDeps {
  readonly runScript: RunScript;
  readonly photosProcess: PhotosProcess;
  readonly clock?: Clock;
  /** How long Photos may take to start and open its library. Default 120 s. */
  readonly readyTimeoutMs?: number;
}

/** PhotosLibrary over the scripts in `scripts/`, whichever way they are run. */
export class JxaPhotosLibrary implements PhotosLibrary {
  readonly #runScript: RunScript;
  readonly #photosProcess: PhotosProcess;
  readonly #clock: Clock;
  readonly #readyTimeoutMs: number;

  constructor({
    runScript,
    photosProcess,
    clock = systemClock,
    readyTimeoutMs = 120_000,
  }: JxaPhotosLibraryDeps) {
    this.#runScript = runScript;
    this.#photosProcess = photosProcess;
    this.#clock = clock;
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
    const { id } = await this.#write(createAlbum, { name }, CHANGE_MS, signal);
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
    await this.#write(renameAlbum, { id, name }, CHANGE_MS, signal);
  }

  async deleteAlbum(id: string, signal?: AbortSignal): Promise<boolean> {
    return await this.#write(deleteAlbum, { id }, CHANGE_MS, signal);
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
    {
      albumId,
      timeoutMs,
      event = "plain",
      signal,
    }: { albumId: string; timeoutMs: number; event?: ImportEventKind; signal?: AbortSignal },
  ): Promise<ImportReply> {
    if (event === "plain") return await this.#write(importFiles, { paths, albumId }, timeoutMs, signal);
    const timeoutSeconds = Math.max(1, Math.floor((timeoutMs - EVENT_HEAD_START_MS) / 1000));
    return await this.#write(importFilesRaw, { paths, albumId, timeoutSeconds }, timeoutMs, signal);
  }

  async countItems(signal?: AbortSignal): Promise<number> {
    return await this.#read(countItems, undefined, signal);
  }

  async addToAlbum(itemIds: readonly string[], albumId: string, signal?: AbortSignal): Promise<void> {
    await this.#write(addToAlbum, { itemIds, albumId }, CHANGE_MS, signal);
  }

  async describeItems(ids: readonly string[], signal?: AbortSignal): Promise<Map<string, PhotosItem>> {
    const known = new Map<string, PhotosItem>();
    for (let start = 0; start < ids.length; start += ITEMS_PER_SCRIPT) {
      const some = ids.slice(start, start + ITEMS_PER_SCRIPT);
      for (const { id, filename } of await this.#read(describeItems, { ids: some }, signal, MANY_EVENTS_MS)) {
        known.set(id, { id, filename, sizeBytes: null });
      }
    }
    return known;
  }

  #read<Input, Value>(
    script: Script<Input, Value>,
    input: Input,
    signal: AbortSignal | undefined,
    deadlineMs = QUESTION_MS,
  ) {
    const options = { deadlineMs, signal, changesSomething: false };
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
