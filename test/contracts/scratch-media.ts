import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { buildBinaryPropertyList, parseDictionary } from "../../src/usb/wire/property-list.js";
import { GeneratedMedia } from "../virtual/photos/generated-media.js";

/**
 * Whether a file of that name was made here: three letters, an underscore, then (behind an E or an O that Photos
 * reads) a number. A scratch library may hold only such, and next to nothing else.
 */
export function isScratchName(filename: string): boolean {
  return /^RSC_[EO]?\d{4}/i.test(filename);
}

export interface EditForScratch {
  readonly kind?: "photo" | "video";
  readonly format?: string;
  readonly form?: "xml" | "binary";
  readonly tail?: string;
}

/** Small pictures and films for a scratch library, each drawn anew; absolute paths. */
export class ScratchMedia {
  readonly #media: GeneratedMedia;
  #count = 0;

  constructor(folder: string) {
    this.#media = new GeneratedMedia(folder);
  }

  /** `RSC_0001.JPG`; with a tail `RSC_0001 tail.JPG`. */
  picture(tail = ""): string {
    return this.#media.jpeg(`${this.#nextStem()}${tail}.JPG`);
  }

  png(): string {
    return this.#media.png(`${this.#nextStem()}.PNG`);
  }

  pictures(count: number): string[] {
    return Array.from({ length: count }, () => this.picture());
  }

  /** Still and film with one content identifier; of one stem unless two are asked for. */
  livePhoto({ stems = 1 }: { readonly stems?: 1 | 2 } = {}): [still: string, film: string] {
    const stem = this.#nextStem();
    const identifier = `R0LLCALL-0000-4000-8000-${String(this.#count).padStart(12, "0")}`;
    const still = this.#media.jpeg(`${stem}.JPG`, identifier);
    return [still, this.#media.movie(`${stems === 1 ? stem : this.#nextStem()}.MOV`, identifier)];
  }

  /** A picture and a film of one stem that know nothing of each other. */
  strangersOfOneStem(): [still: string, film: string] {
    const stem = this.#nextStem();
    return [this.#media.jpeg(`${stem}.JPG`), this.#media.movie(`${stem}.MOV`)];
  }

  /** Two pictures of one stem. */
  twoPicturesOfOneStem(): [jpeg: string, png: string] {
    const stem = this.#nextStem();
    return [this.#media.jpeg(`${stem}.JPG`), this.#media.png(`${stem}.PNG`)];
  }

  /** As a phone keeps an edit: `RSC_0001.JPG`, `RSC_0001.AAE`, `RSC_E0001.JPG`. */
  edited(): [original: string, adjustments: string, render: string] {
    const stem = this.#nextStem();
    return [
      this.#media.jpeg(`${stem}.JPG`),
      this.#media.adjustments(`${stem}.AAE`),
      this.#media.jpeg(`${stem.replace("_", "_E")}.JPG`),
    ];
  }

  /** The same of an edit in this format, as a phone on iOS 26 keeps it; `tail` follows the camera's name. */
  editOf({
    kind = "photo",
    format = "com.apple.photo",
    form = "xml",
    tail = "",
  }: EditForScratch): [original: string, recipe: string, rendering: string] {
    const stem = this.#nextStem();
    const media = (name: string) =>
      kind === "video" ? this.#media.movie(`${name}.MOV`) : this.#media.jpeg(`${name}.JPG`);
    const recipe = this.#media.adjustments(`${stem}${tail}.AAE`, format);
    if (form === "binary") {
      const list = parseDictionary(readFileSync(recipe));
      this.#media.write(basename(recipe), buildBinaryPropertyList(list));
    }
    return [media(`${stem}${tail}`), recipe, media(`${stem.replace("_", "_E")}${tail}`)];
  }

  lonelyAdjustments(): string {
    return this.#media.adjustments(`${this.#nextStem()}.AAE`);
  }

  burst(frames: number): string[] {
    const identifier = `R0LLCALL-0000-4000-9000-${String(this.#count).padStart(12, "0")}`;
    return Array.from({ length: frames }, () =>
      this.#media.burstFrame(`${this.#nextStem()}.JPG`, identifier),
    );
  }

  /** Text under a picture's name. */
  poison(): string {
    return this.#media.write(`${this.#nextStem()}.JPG`, "This is a text, whatever its name says.\n");
  }

  #nextStem(): string {
    this.#count += 1;
    return `RSC_${String(this.#count).padStart(4, "0")}`;
  }
}
