import * as z from "zod";
import { type ActionWords, remedyText } from "../../remedy.js";
import { escapeControls } from "../../text/escape-controls.js";
import { ANSWERS, type Answer } from "../answer.js";
import { wordsOf } from "../answer-words.js";
import { photoName, stemOf } from "../photo-name.js";
import type { PhotoFiles } from "../why-it-stays.js";
import { moment } from "./in-words.js";

/**
 * Photos that a page holds as data, and makes into tiles when somebody comes to them: twenty thousand tiles with all
 * that is known of each file take a browser ten seconds. `later-photos-script.ts` reads this in the browser.
 */
interface PhotoData {
  readonly folders: readonly string[];
  /** What many files have in common. */
  readonly kinds: readonly KindData[];
  readonly photos: readonly (readonly [
    /** URL, or 0. */
    picture: string | 0,
    /** Class of the drawing that stands where no picture is. */
    drawing: string,
    /** 1: it may leave the phone, as far as this receipt can tell. */
    mayLeave: 0 | 1,
    files: readonly FileData[],
    /** What a person calls it, or 0 where that is the stem of its first file. */
    title: string | 0,
    /** The heading above it, or 0. */
    day: string | 0,
  ])[];
}

/**
 * Answer as its place in ANSWERS, 1 for imported by this run, evidence, when checked in words, what follows the UUID in
 * the id in Photos, the reason, what a person calls the answer and what that means.
 */
type KindData = readonly [
  answer: number,
  thisRun: 0 | 1,
  evidence: string,
  checked: string,
  idEnd: string,
  reason: readonly [message: string, remedy: string] | 0,
  name: string,
  meaning: string,
];

/** Folder, name, bytes, minutes of the writer's clock, SHA-256 in base64, id in Photos up to its first slash, kind. 0 where not known. */
type FileData = readonly [
  folder: number,
  name: string,
  sizeBytes: number | -1,
  changed: number | null,
  sha256: string | 0,
  photosId: string | 0,
  kind: number,
];

/** How a photo looks in the sheet. */
export interface LaterTile {
  readonly picture: string | null;
  /** Class of the drawing that stands where no picture is. */
  readonly drawing: string;
  readonly mayLeave: boolean;
  /** Null where days have no headings. */
  readonly day: string | null;
}

/** Gathers photos until the text of them is asked for. */
export class LaterPhotos {
  readonly #words: ActionWords;
  readonly #folders = new Places<string>();
  readonly #kinds = new Places<KindData>();
  readonly #photos: PhotoData["photos"][number][] = [];

  /** @param words of what a person can do */
  constructor(words: ActionWords) {
    this.#words = words;
  }

  get length(): number {
    return this.#photos.length;
  }

  add(files: PhotoFiles, { picture, drawing, mayLeave, day }: LaterTile): void {
    const rows = files.map((file) => this.#row(file));
    const title = photoName(files);
    const isStem = title === stemOf(files[0].path);
    this.#photos.push([
      picture ?? 0,
      drawing,
      mayLeave ? 1 : 0,
      rows,
      isStem ? 0 : escapeControls(title),
      day ?? 0,
    ]);
  }

  /** JSON that may stand in a script element: no `<` is in it, and no control character. */
  json(): string {
    const data: PhotoData = {
      folders: this.#folders.all(),
      kinds: this.#kinds.all(),
      photos: this.#photos,
    };
    return JSON.stringify(data).replaceAll("<", "\\u003c");
  }

  #row(file: Answer): FileData {
    const at = file.path.lastIndexOf("/") + 1;
    const [uuid = "", ...idEnd] = file.photosId?.split("/") ?? [];
    const { name, meaning } = wordsOf(file);
    const kind: KindData = [
      ANSWERS.indexOf(file.answer),
      file.thisRun ? 1 : 0,
      escapeControls(file.evidence.join(", ")),
      file.checkedAt === null ? "" : moment(file.checkedAt),
      escapeControls(idEnd.map((part) => `/${part}`).join("")),
      file.reason === null
        ? 0
        : [escapeControls(file.reason.message), escapeControls(remedyText(file.reason.remedy, this.#words))],
      name,
      meaning,
    ];
    return [
      this.#folders.placeOf(escapeControls(file.path.slice(0, at))),
      escapeControls(file.path.slice(at)),
      file.sizeBytes ?? -1,
      file.modifiedAt === null ? null : writersMinutes(new Date(file.modifiedAt)),
      file.sha256 === null ? 0 : Buffer.from(file.sha256, "hex").toString("base64"),
      file.photosId === null ? 0 : escapeControls(uuid),
      this.#kinds.placeOf(kind),
    ];
  }
}

/** The pictures in what {@link LaterPhotos.json} wrote, with the path of each photo's first file; none in anything else. */
export function* laterPictures(json: string): Generator<{ readonly picture: string; readonly path: string }> {
  const data = laterSchema.safeParse(parsed(json));
  if (!data.success) return;
  for (const [picture, , , files] of data.data.photos) {
    const [folder, name] = files[0] ?? [];
    const path = `${data.data.folders[Number(folder)] ?? ""}${name ?? ""}`;
    if (typeof picture === "string") yield { picture, path };
  }
}

const laterSchema = z.looseObject({
  folders: z.array(z.string()),
  photos: z.array(
    z.tuple(
      [
        z.union([z.string(), z.literal(0)]),
        z.string(),
        z.number(),
        z.array(z.tuple([z.number(), z.string()], z.unknown())),
      ],
      z.unknown(),
    ),
  ),
});

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

/** Values once each, by the place at which they came first. */
class Places<Value> {
  readonly #places = new Map<string, number>();
  readonly #values: Value[] = [];

  placeOf(value: Value): number {
    const key = JSON.stringify(value);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.#values.length);
    this.#values.push(value);
    return this.#values.length - 1;
  }

  all(): readonly Value[] {
    return this.#values;
  }
}

/** Minutes of the clock of the computer that writes the page, as if they were UTC: a page says one time, wherever it is opened. */
function writersMinutes(date: Date): number {
  return Math.floor(date.getTime() / 60_000) - date.getTimezoneOffset();
}
