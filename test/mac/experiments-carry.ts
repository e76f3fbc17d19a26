import { DatabaseSync } from "@photostructure/sqlite";
import { importFiles } from "../../dist/jxa/scripts/import-files.js";
import { copyLibraryDatabase } from "../../dist/originals/library-copy.js";
import { freshName, importInto, withAlbum } from "../contracts/photos-library-contract.js";
import { nestFolders, readAlbumProperties, setAndReadBack, setOfAll } from "./carry-scripts.js";
import type { Experiment, Finding, Mac } from "./experiment.js";

/** What the phone knows of its photos, and whether a script, or a file beside the picture, can carry it. */
export const carryExperiments: readonly Experiment[] = [
  {
    name: "xmp-sidecar",
    question:
      "Does an XMP beside a picture, in the same event, carry title, caption, keywords, date and place?",
    matters: "if it does, they cost no event, and the picture's own bytes stay as they are.",
    scripts: [readAlbumProperties],
    programs: ["sips -s format heic PICTURE --out PICTURE.HEIC"],
    async ask(mac) {
      const groups = await mac.media.withSidecars((from, to) => heic(mac, from, to));
      const found: Record<string, unknown> = {};
      for (const [what, paths] of Object.entries(groups)) {
        found[what] =
          paths === null
            ? "not asked: there is no sips"
            : await withAlbum(mac, async ({ id: albumId }) => {
                const sent = await mac.run(importFiles, { paths, albumId }, 300_000);
                await mac.clock.wait(mac.settleMs);
                const properties = await mac.run(readAlbumProperties, { albumId });
                return { sent: sent.ok ? "taken" : sent.number, properties };
              });
      }
      const text = JSON.stringify(found);
      const carried = ["title", "caption", "keyword"].filter((word) => text.includes(`Rollcall ${word}`));
      return {
        says: `It carries ${carried.join(", ") || "no text"}. See the dates and places.`,
        observed: found,
      };
    },
  },
  {
    name: "plural-set",
    question: "Does one event set a property of every item of an album?",
    matters: "then all favourites of a run cost one event, instead of one each.",
    scripts: [setOfAll],
    programs: [
      "osascript -e 'tell application \"Photos\" to set favorite of every media item of album id ID to true'",
    ],
    ask: (mac) =>
      withItems(mac, 5, async (albumId) => {
        const favorite = await mac.run(setOfAll, { albumId, property: "favorite", value: true });
        const keywords = await mac.run(setOfAll, { albumId, property: "keywords", value: ["Rollcall"] });
        const script = `tell application "Photos" to set favorite of every media item of album id ${JSON.stringify(albumId)} to false`;
        const asAppleScript = await mac.program("/usr/bin/osascript", ["-e", script]);
        const all =
          favorite.ok && JSON.stringify(favorite.value.readBack) === JSON.stringify(Array(5).fill(true));
        const observed = { favorite, keywords, asAppleScript: asAppleScript?.status ?? "not asked" };
        return { says: all ? "Yes." : "No.", observed };
      }),
  },
  {
    name: "album-order-after-add",
    question: "Do items stand in an album in the order in which they were added?",
    matters: "the order of an album on the phone can only be carried by it.",
    readsLibrary: true,
    ask: (mac) =>
      withAlbum(mac, (from) =>
        withAlbum(mac, async (to) => {
          const ids = (await importInto(mac, from.id, mac.media.pictures(3))).items.map(({ id }) => id);
          const [a, b, c] = [ids[0] ?? "", ids[1] ?? "", ids[2] ?? ""];
          for (const id of [c, a, b]) await mac.photos.addToAlbum([id], to.id);
          await mac.clock.wait(mac.settleMs);
          const letters = (all: readonly string[]) =>
            all.map((id) => "abc"[ids.findIndex((one) => one.startsWith(id.slice(0, 36)))] ?? "?").join("");
          const listed = letters(((await mac.photos.albumContents(to.id)) ?? []).map(({ id }) => id));
          const stored = await storedOrder(mac, to.id).then(letters, (error: unknown) =>
            String(error).slice(0, 200),
          );
          return {
            says: `Added as cab: listed as ${listed}, stored as ${stored}.`,
            observed: { listed, stored },
          };
        }),
      ),
  },
  {
    name: "folder-at-nested",
    question: "Can folders be made in folders, and albums in them, of one name too?",
    matters: "the albums of a phone stand in folders.",
    scripts: [nestFolders],
    async ask(mac) {
      const observed = await mac.run(nestFolders, { name: freshName() });
      if (!observed.ok) return { says: `It fails with ${observed.number}.`, observed };
      const failed = observed.value.made.filter(({ failedAt }) => failedAt !== null);
      const says =
        failed.length === 0
          ? "All were made."
          : failed.map(({ what, failedAt }) => `${what}: ${failedAt}`).join("; ");
      return { says: `${says} See the tree.`, observed };
    },
  },
  {
    name: "odd-names",
    question: "Which names of albums does Photos keep as they are given?",
    matters: "an album is found again by its name where its id is not known.",
    async ask(mac) {
      const kept: Record<string, boolean | string> = {};
      for (const [what, name] of Object.entries(ODD_NAMES)) {
        kept[what] = await withAlbum(mac, async ({ id }) => {
          await mac.photos.renameAlbum(id, name);
          return (await mac.photos.describeAlbum(id))?.name === name;
        }).catch((error: unknown) => (error as { number?: number }).number?.toString() ?? "an error");
      }
      const others = Object.entries(kept).filter(([, isKept]) => isKept !== true);
      const says = others.length === 0 ? "All." : `All but ${others.map(([what]) => what).join(", ")}.`;
      return { says, observed: kept };
    },
  },
  {
    name: "date-with-zone",
    question: "What do date and zone of a photo of +09:00 become when its date is set?",
    matters: "what may be claimed where a date that was changed on the phone is carried.",
    readsLibrary: true,
    scripts: [setAndReadBack, readAlbumProperties],
    ask: (mac) =>
      withAlbum(mac, async ({ id: albumId }) => {
        const { items } = await importInto(mac, albumId, [mac.media.pictureInZone("+09:00")]);
        const itemId = items[0]?.id ?? "";
        const before = await mac.run(readAlbumProperties, { albumId });
        const value = Date.UTC(2026, 4, 6, 7, 8, 9);
        const set = await mac.run(setAndReadBack, { itemId, property: "date", value, isDate: true });
        await mac.clock.wait(mac.settleMs);
        const zone = await zoneOf(mac, itemId).catch((error: unknown) => String(error).slice(0, 200));
        const isKept = set.ok && set.value.readBack === value;
        const says = `${isKept ? "The instant is the one that was set" : "Another instant is read back"}; stored zone: ${zone}.`;
        const offsetOfMac = -new Date().getTimezoneOffset() * 60;
        return {
          says,
          observed: { before: before.ok ? before.value[0]?.date : before, set, zone, offsetOfMac },
        };
      }),
  },
  clearing("keywords-empty", "keywords", ["Rollcall"], []),
  clearing("description-none", "description", "Rollcall caption", null),
  clearing("location-none", "location", [47.5, 8.5], [null, null]),
  {
    name: "favourite-while-importing",
    question: "Is a property set while an import is under way?",
    matters: "whether carrying may overlap with the next batch.",
    scripts: [setAndReadBack],
    ask: (mac) =>
      withAlbum(mac, (first) =>
        withAlbum(mac, async ({ id: albumId }) => {
          const { items } = await importInto(mac, first.id, [mac.media.picture()]);
          const itemId = items[0]?.id ?? "";
          const begun = mac.clock.now().getTime();
          const since = () => mac.clock.now().getTime() - begun;
          const event = mac
            .run(importFiles, { paths: mac.media.pictures(60), albumId }, 600_000)
            .then((answer) => ({
              number: answer.ok ? 0 : answer.number,
              afterMs: since(),
            }));
          const answer = await mac.run(setAndReadBack, {
            itemId,
            property: "favorite",
            value: true,
            isDate: false,
          });
          const set = { answer, afterMs: since() };
          const imported = await event;
          const isSet = answer.ok && answer.value.readBack === true;
          const when = set.afterMs < imported.afterMs ? "while it went on" : "only after it";
          return {
            says: `${isSet ? `Yes, ${when}` : "No"}; the import ended with ${imported.number}.`,
            observed: { set, imported },
          };
        }),
      ),
  },
];

const ODD_NAMES: Readonly<Record<string, string>> = {
  "a slash": "Rollcall a/b",
  emoji: "Rollcall \u{1f600}\u{1f468}\u200d\u{1f469}\u200d\u{1f467}",
  "an accent in two parts": "Rollcall e\u0301",
  "255 characters": "Rollcall ".padEnd(255, "x"),
  "a space in front": " Rollcall",
  "a quote": `Rollcall "it's"`,
  "a line break": "Rollcall\nsecond line",
};

/** Sets a property, then nothing in its place, and reads after each. */
function clearing(name: string, property: string, value: unknown, none: unknown): Experiment {
  return {
    name,
    question: `Can ${property} be set, and set to none again?`,
    matters: "nothing is ever cleared by Rollcall; what none looks like has to be known to read it.",
    scripts: [setAndReadBack],
    ask: (mac) =>
      withItems(mac, 1, async (_albumId, [itemId = ""]) => {
        const ask = (given: unknown) =>
          mac.run(setAndReadBack, { itemId, property, value: given, isDate: false });
        const set = await ask(value);
        const cleared = await ask(none);
        const words = (one: typeof set) =>
          one.ok ? (one.value.failedAt ?? JSON.stringify(one.value.readBack)) : one.number;
        return { says: `Set: ${words(set)}. None: ${words(cleared)}.`, observed: { set, cleared } };
      }),
  };
}

async function withItems(
  mac: Mac,
  count: number,
  ask: (albumId: string, ids: readonly string[]) => Promise<Finding>,
): Promise<Finding> {
  return await withAlbum(mac, async ({ id }) => {
    const { items } = await importInto(mac, id, mac.media.pictures(count));
    return await ask(
      id,
      items.map((item) => item.id),
    );
  });
}

/** Null where there is no sips: no Mac, or a stand-in for Photos. */
async function heic(mac: Mac, from: string, to: string): Promise<string | null> {
  const made = await mac.program("/usr/bin/sips", ["-s", "format", "heic", from, "--out", to]);
  return made?.status === 0 ? to : null;
}

/** Ids of an album's items as the library's database orders them. */
async function storedOrder(mac: Mac, albumId: string): Promise<string[]> {
  return await withDatabase(mac, (database) => {
    const entity = (names: string) =>
      database.prepare(`SELECT Z_ENT AS n FROM Z_PRIMARYKEY WHERE Z_NAME IN (${names})`).get()?.n as number;
    const [album, asset] = [entity("'Album'"), entity("'Asset', 'GenericAsset'")];
    const rows = database
      .prepare(
        `SELECT item.ZUUID AS uuid FROM Z_${album}ASSETS held JOIN ZGENERICALBUM album ON album.Z_PK = held.Z_${album}ALBUMS
         JOIN ZASSET item ON item.Z_PK = held.Z_${asset}ASSETS WHERE album.ZUUID = ? ORDER BY held.Z_FOK_${asset}ASSETS`,
      )
      .all(albumId.split("/")[0]);
    return rows.map(({ uuid }) => String(uuid));
  });
}

/** Seconds from UTC that the library's database keeps of an item. */
async function zoneOf(mac: Mac, itemId: string): Promise<string> {
  return await withDatabase(mac, (database) => {
    const row = database
      .prepare(
        `SELECT more.ZTIMEZONEOFFSET AS zone FROM ZASSET item JOIN ZADDITIONALASSETATTRIBUTES more
         ON more.ZASSET = item.Z_PK WHERE item.ZUUID = ?`,
      )
      .get(itemId.split("/")[0]);
    return row === undefined ? "no row" : `${row.zone}`;
  });
}

async function withDatabase<Value>(
  mac: Mac,
  ask: (database: InstanceType<typeof DatabaseSync>) => Value,
): Promise<Value> {
  const copy = await copyLibraryDatabase(mac.libraryPath, { workFolder: mac.workFolder });
  const database = new DatabaseSync(copy.databasePath, { readOnly: true });
  try {
    return ask(database);
  } finally {
    database.close();
    await copy.remove();
  }
}
