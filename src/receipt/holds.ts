import { folderOf } from "../catalogue/camera-file-names.js";
import { familyOf } from "../catalogue/family.js";
import type { Reason } from "../errors.js";
import type { StayingCode } from "../reason-codes.js";
import type { Answer } from "./answer.js";
import { type PhotoFiles, reasonOf, type StayingReason, sentence, type WhyItStays } from "./why-it-stays.js";

/**
 * Photos that stay because of another file: the phone deletes what belongs to a photo, and all frames of a burst, with
 * it. Told of every photo and of every file of none, it then says which photos are held.
 */
export class Holds {
  /** The file that may belong to all photos of a family, and is nowhere else. */
  readonly #ties = new Map<string, Answer>();
  /** The same for all photos below a folder, ending in a slash. */
  readonly #folders = new Map<string, Answer>();
  readonly #bursts = new Map<string, Answer>();
  readonly #stayingFamilies = new Map<string, Answer>();
  /**
   * Photos that nothing of their own keeps, and that would pass a hold on: to the other frames of their burst, or to
   * the photo that they belong to. One without such a link passes none on: what belongs to it asks for its ties.
   */
  readonly #linked: PhotoFiles[] = [];

  /** A file that is no photo's, or is known from a later receipt only. */
  addFile(answer: Answer): void {
    if (answer.answer === "proved") return;
    const { family, burst } = tiesOf(answer);
    if (family !== undefined) this.#tie(family, answer);
    if (burst !== undefined) this.#bursts.set(burst, answer);
  }

  /** @param part the file because of which it stays by itself; null where nothing keeps it */
  addPhoto(files: PhotoFiles, part: Answer | null): void {
    if (part !== null) this.#stays(files, part);
    else if (files.some(({ belongsTo, burst }) => belongsTo !== undefined || burst !== undefined))
      this.#linked.push(files);
  }

  /** Call it when all were told: a photo that is held may hold the next, until no other one is found. */
  settle(): void {
    let waiting = this.#linked;
    for (let before = -1; before !== waiting.length; ) {
      before = waiting.length;
      waiting = waiting.filter((files) => {
        const held = this.#holderOf(files);
        if (held !== null) this.#stays(files, files[0]);
        return held === null;
      });
    }
  }

  /** Why a photo stays that nothing of its own keeps; null where nothing does. */
  whyHeld(files: PhotoFiles): WhyItStays | null {
    return this.#holderOf(files);
  }

  #tie(family: string, answer: Answer): void {
    const ties = family.endsWith("/") ? this.#folders : this.#ties;
    if (!ties.has(family)) ties.set(family, answer);
  }

  #stays(files: PhotoFiles, part: Answer): void {
    const isTrashed = files.every(({ answer }) => answer === "in-trash");
    const family = familyOf(files[0].item);
    if (!this.#stayingFamilies.has(family)) this.#stayingFamilies.set(family, part);
    for (const { belongsTo, burst } of files) {
      if (belongsTo !== undefined) this.#tie(belongsTo, part);
      // What is in Recently Deleted is no frame of the burst any more.
      if (burst !== undefined && !isTrashed && !this.#bursts.has(burst)) this.#bursts.set(burst, part);
    }
  }

  #holderOf(files: PhotoFiles): WhyItStays | null {
    const family = familyOf(files[0].item);
    const tied = this.#tieOf(family);
    if (tied !== undefined) return { reason: belongsReason(tied), part: tied.path };
    for (const { belongsTo, burst } of files) {
      const frame = burst === undefined ? undefined : this.#bursts.get(burst);
      if (frame !== undefined) return { reason: BURST_STAYS, part: frame.path };
      if (belongsTo === undefined) continue;
      const whole = this.#stayingFamilies.get(belongsTo) ?? this.#tieOf(belongsTo);
      if (whole !== undefined) return { reason: WHOLE_STAYS, part: whole.path };
    }
    return null;
  }

  #tieOf(family: string): Answer | undefined {
    return this.#ties.get(family) ?? this.#folderTie(family);
  }

  #folderTie(family: string): Answer | undefined {
    if (this.#folders.size === 0) return undefined;
    for (let folder = folderOf(family); ; folder = folderOf(folder)) {
      const tied = this.#folders.get(`${folder}/`);
      if (tied !== undefined || folder === "") return tied;
    }
  }
}

/** Whether a file that is no photo's, or is known from a later receipt only, can keep any photo on the phone. */
export function canHold(answer: Answer): boolean {
  const { family, burst } = tiesOf(answer);
  return answer.answer !== "proved" && (family !== undefined || burst !== undefined);
}

function tiesOf({ answer, path, belongsTo, burst }: Answer) {
  return {
    family: belongsTo ?? (answer === "set-aside" ? familyOf(path) : undefined),
    burst: answer === "in-trash" ? undefined : burst,
  };
}

function belongsReason(answer: Answer): StayingReason {
  if (answer.answer === "proved") return WHOLE_STAYS;
  const { code, message, remedy } = reasonOf(answer);
  return {
    code,
    message: sentence(`what belongs to it, or may, is not in Photos whole: ${message}`),
    remedy,
  };
}

const BURST_STAYS: Reason<StayingCode> = {
  code: "BURST_STAYS",
  message: "Another frame of its burst stays, and the phone deletes a burst as a whole.",
  remedy: "See why that frame stays.",
};

const WHOLE_STAYS: Reason<StayingCode> = {
  code: "PHOTO_STAYS",
  message: "It may be a part of a photo that stays, and the phone deletes all parts of a photo together.",
  remedy: "See why that photo stays.",
};
