import { basename } from "node:path";
import { importFiles } from "../../dist/jxa/scripts/import-files.js";
import { openLibraryDatabase } from "../../dist/originals/library-database.js";
import { withAlbum } from "../contracts/photos-library-contract.js";
import type { Experiment, Finding, Mac } from "./experiment.js";

/** What Photos makes of edits as an iPhone keeps them. */
export const editExperiments: readonly Experiment[] = [
  {
    name: "edit-from-adjustments-plist",
    question:
      "Does Photos take the Adjustments.plist of an edit, named like an AAE, with the rendering as the edited version?",
    matters:
      "src/catalogue/phone-edits.ts carries edits of iOS 26 so; where Photos does not, each is named and its original stays.",
    async ask(mac) {
      const seen = {
        xml: await importEdit(mac, mac.media.editOf({ form: "xml" })),
        binary: await importEdit(mac, mac.media.editOf({ form: "binary" })),
        video: await importEdit(mac, mac.media.editOf({ kind: "video", format: "com.apple.video" })),
      };
      return told(seen);
    },
  },
  {
    name: "edit-of-another-format",
    question:
      "What does Photos do with an edit in a format that it may not take: is the photo edited, is the rendering an item?",
    matters: "src/catalogue/edit-recipe.ts leaves such edits on the phone.",
    async ask(mac) {
      const seen = {
        ScreenshotServices: await importEdit(mac, mac.media.editOf({ format: "ScreenshotServices" })),
        "com.apple.video.slomo": await importEdit(
          mac,
          mac.media.editOf({ kind: "video", format: "com.apple.video.slomo" }),
        ),
      };
      return told(seen);
    },
  },
  {
    name: "edit-of-another-name",
    question:
      "Is an edit taken where words follow the camera's name, and where the recipe comes without a rendering?",
    matters: "src/catalogue/phone-edits.ts leaves the rendering of a photo with another name on the phone.",
    async ask(mac) {
      const [original, recipe] = mac.media.editOf({ tail: " by the lake" });
      const seen = {
        "a name with words": await importEdit(mac, mac.media.editOf({ tail: " by the lake" })),
        "the recipe alone": await importEdit(mac, [original, recipe]),
      };
      return told(seen);
    },
  },
];

interface EditSeen {
  readonly names: readonly string[];
  /** Of the first item, by the library's database; null where it does not say, or may not be read. */
  readonly isEdited: boolean | null;
  /** The number that the event failed with. */
  readonly failure: number | null;
}

async function importEdit(mac: Mac, paths: readonly string[]): Promise<EditSeen> {
  return withAlbum(mac, async ({ id: albumId }) => {
    const answer = await mac.run(importFiles, { paths, albumId }, 300_000);
    await mac.clock.wait(mac.settleMs);
    const items = (await mac.photos.albumContents(albumId)) ?? [];
    const original = items.find(({ filename }) => filename === basename(paths[0] ?? "")) ?? items[0];
    return {
      names: items.map(({ filename }) => filename),
      isEdited: original === undefined ? null : await isEditedInLibrary(mac, original.id),
      failure: answer.ok ? null : answer.number,
    };
  });
}

async function isEditedInLibrary(mac: Mac, photosId: string): Promise<boolean | null> {
  try {
    await using database = await openLibraryDatabase(mac.libraryPath, { workFolder: mac.workFolder });
    return database.item(photosId)?.isEdited ?? null;
  } catch {
    return null;
  }
}

function told(observed: Readonly<Record<string, EditSeen>>): Finding {
  const says = Object.entries(observed).map(([what, { names, isEdited, failure }]) => {
    const edited = isEdited === null ? "edited or not is not known" : isEdited ? "edited" : "not edited";
    return failure === null
      ? `${what}: ${names.length === 1 ? "one item" : `${names.length} items`}, ${edited}`
      : `${what}: the event fails with ${failure}`;
  });
  return { says: `${says.join("; ")}.`, observed };
}
