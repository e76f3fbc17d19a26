import type { PhotosFault } from "../../src/virtual/photos/photos-fault.js";

/** A first import of four edited photos in a Photos that spoils edits, and the next run in one that is well. */
export interface EditStory {
  /** What the person sees. */
  readonly title: string;
  readonly how: PhotosFault;
  /** Answers other than `proved`, by name of the file. Where there are none, exit 0. */
  readonly files: Readonly<Record<string, string>>;
  /** Of the album "Rollcall: extra copies"; null where there is none. */
  readonly extra: readonly string[] | null;
  /** Said at the end. */
  readonly says: readonly string[];
  /** Said while the run goes on. */
  readonly tells: readonly string[];
  /** How many photos each import event carried: of the first run, and of the next one, which imports two more. */
  readonly batches: readonly [first: readonly number[], next: readonly number[]];
}

const AAE = "missing: EDIT_NOT_KEPT";
const APART = "failed: EDIT_CAME_APART";
const ENDED = "from now on each goes by an event of its own";

/** One for each manner of the two faults. */
export const editStories: readonly EditStory[] = [
  {
    title: "Photos makes two photos of each edited one in a batch: they are gathered, and each goes alone",
    how: { name: "edits-come-apart" },
    files: { "IMG_0002.AAE": AAE, "IMG_E0002.JPG": APART, "IMG_0003.AAE": AAE, "IMG_E0003.JPG": APART },
    extra: ["IMG_E0002.JPG", "IMG_E0003.JPG"],
    says: ["it made a photo of its own of it, IMG_E0002.JPG", "Photos made 2 extra copies of edited photos"],
    tells: [ENDED, "no script can delete them"],
    batches: [
      [1, 2, 1],
      [1, 1],
    ],
  },
  {
    title: "Photos takes the edits of a batch and makes photos of their renderings besides: the same",
    how: { name: "edits-come-apart", isEdited: true },
    files: { "IMG_E0002.JPG": APART, "IMG_E0003.JPG": APART },
    extra: ["IMG_E0002.JPG", "IMG_E0003.JPG"],
    says: ["Compare the two in Photos before you delete one"],
    tells: [ENDED],
    batches: [
      [1, 2, 1],
      [1, 1],
    ],
  },
  {
    title: "Photos makes two photos of every edited one, alone too: all are named and gathered, exit 3",
    how: { name: "edits-come-apart", alone: true },
    files: Object.fromEntries(
      [1, 2, 3, 4].flatMap((number) => [
        [`IMG_000${number}.AAE`, AAE],
        [`IMG_E000${number}.JPG`, APART],
      ]),
    ),
    extra: [1, 2, 3, 4].map((number) => `IMG_E000${number}.JPG`),
    says: ["Photos made 4 extra copies of edited photos"],
    tells: [ENDED],
    batches: [
      [1, 1, 1, 1],
      [1, 1],
    ],
  },
  {
    title: "Photos drops the edits of a batch: they are missing, exit 3, and each goes alone",
    how: { name: "edits-are-dropped" },
    files: { "IMG_0002.AAE": AAE, "IMG_E0002.JPG": AAE, "IMG_0003.AAE": AAE, "IMG_E0003.JPG": AAE },
    extra: null,
    says: ["Photos took the photo and did not take this edit"],
    tells: [ENDED],
    batches: [
      [1, 2, 1],
      [1, 1],
    ],
  },
  {
    title: "Photos drops every edit, alone too: the photos are there, their edits are missing, exit 3",
    how: { name: "edits-are-dropped", alone: true },
    files: Object.fromEntries(
      [1, 2, 3, 4].flatMap((number) => [
        [`IMG_000${number}.AAE`, AAE],
        [`IMG_E000${number}.JPG`, AAE],
      ]),
    ),
    extra: null,
    says: ["Photos took the photo and did not take this edit"],
    tells: [],
    batches: [
      [1, 1, 1, 1],
      [1, 1],
    ],
  },
];
