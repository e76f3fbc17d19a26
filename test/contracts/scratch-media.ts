import { randomBytes } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from "node:fs";
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

/** Small pictures and videos for a scratch library, each drawn anew; absolute paths. */
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

  /** Still and video with one content identifier; of one stem unless two are asked for. */
  livePhoto({ stems = 1 }: { readonly stems?: 1 | 2 } = {}): [still: string, video: string] {
    const stem = this.#nextStem();
    const identifier = `R0LLCALL-0000-4000-8000-${String(this.#count).padStart(12, "0")}`;
    const still = this.#media.jpeg(`${stem}.JPG`, identifier);
    return [still, this.#media.video(`${stems === 1 ? stem : this.#nextStem()}.MOV`, identifier)];
  }

  /** A picture and a video of one stem that know nothing of each other. */
  strangersOfOneStem(): [still: string, video: string] {
    const stem = this.#nextStem();
    return [this.#media.jpeg(`${stem}.JPG`), this.#media.video(`${stem}.MOV`)];
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
      kind === "video" ? this.#media.video(`${name}.MOV`) : this.#media.jpeg(`${name}.JPG`);
    const recipe = this.#media.adjustments(`${stem}${tail}.AAE`, format);
    if (form === "binary") {
      const list = parseDictionary(readFileSync(recipe));
      this.#media.write(basename(recipe), buildBinaryPropertyList(list));
    }
    return [media(`${stem}${tail}`), recipe, media(`${stem.replace("_", "_E")}${tail}`)];
  }

  /** Where the next ones come to lie; made now. */
  makeFolder(): string {
    mkdirSync(this.#media.folder, { recursive: true });
    return this.#media.folder;
  }

  /** Videos that play, each of so many bytes: what is too much for the video lies in it as free space. */
  largeVideos(count: number, bytes: number): string[] {
    const noise = randomBytes(1 << 20);
    return Array.from({ length: count }, () => {
      const path = this.#media.video(`${this.#nextStem()}.MOV`);
      const free = Math.max(8, bytes - statSync(path).size);
      const header = Buffer.alloc(8);
      header.writeUInt32BE(free, 0);
      header.write("free", 4, "latin1");
      const file = openSync(path, "a");
      try {
        writeSync(file, header);
        for (let left = free - 8; left > 0; left -= noise.length)
          writeSync(file, noise, 0, Math.min(left, noise.length));
      } finally {
        closeSync(file);
      }
      return path;
    });
  }

  /** A picture whose EXIF says that it was taken in that zone: `+09:00`. */
  pictureInZone(offset: string): string {
    const path = this.picture();
    const bytes = readFileSync(path).toString("latin1");
    writeFileSync(path, Buffer.from(bytes.replaceAll("+00:00", offset), "latin1"));
    return path;
  }

  /**
   * Pictures with an XMP beside them that names a title, a caption, a keyword, another date and a place: a JPEG, a HEIC, a
   * Live Photo and an edit.
   * @param toHeic makes the second file of the first; null where that cannot be done here
   */
  async withSidecars(
    toHeic: (from: string, to: string) => Promise<string | null>,
  ): Promise<Record<"jpeg" | "heic" | "live" | "edit", string[] | null>> {
    const sidecar = (path: string) => this.#media.write(`${stemOf(path)}.xmp`, XMP);
    const jpeg = this.picture();
    const heic = this.picture();
    const made = await toHeic(heic, `${this.#media.folder}/${stemOf(heic)}.HEIC`);
    const [still, video] = this.livePhoto();
    const [original, ...edit] = this.edited();
    return {
      jpeg: [jpeg, sidecar(jpeg)],
      heic: made === null ? null : [made, sidecar(heic)],
      live: [still, video, sidecar(still)],
      edit: [original, ...edit, sidecar(original)],
    };
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

/** The form of Photos' own "Export IPTC as XMP". */
const XMP = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Rollcall title</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">Rollcall caption</rdf:li></rdf:Alt></dc:description>
<dc:subject><rdf:Seq><rdf:li>Rollcall keyword</rdf:li></rdf:Seq></dc:subject>
<photoshop:DateCreated>2001-02-03T04:05:06+00:00</photoshop:DateCreated>
<exif:GPSLatitude>47,30.0N</exif:GPSLatitude><exif:GPSLongitude>8,30.0E</exif:GPSLongitude>
<xmp:Rating>5</xmp:Rating>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>
`;

function stemOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1, path.lastIndexOf("."));
}
