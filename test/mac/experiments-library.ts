import { basename } from "node:path";
import { ejectPhone } from "../../dist/jxa/scripts/eject-phone.js";
import { importFiles } from "../../dist/jxa/scripts/import-files.js";
import { launchPhotos } from "../../dist/jxa/scripts/launch-photos.js";
import { mayControlPhotos } from "../../dist/jxa/scripts/may-control-photos.js";
import { mayReadLibrary } from "../../dist/jxa/scripts/may-read-library.js";
import { showAlbum } from "../../dist/jxa/scripts/show-album.js";
import { openLibraryDatabase } from "../../dist/originals/library-database.js";
import { OriginalFiles } from "../../dist/originals/original-files.js";
import { freshName, importInto, until, withAlbum } from "../contracts/photos-library-contract.js";
import { type Experiment, type Mac, sha256Of, sizeOf } from "./experiment.js";
import { askTheUnknown, countAlbumsNamed, readLastImportAlbum, readWindowState } from "./scripts.js";

/** Albums, sizes, names, what the package holds, and the program itself. */
export const libraryExperiments: readonly Experiment[] = [
  {
    name: "library-question",
    question: "Does the first touch of the library package wait for a person, and which touch is it?",
    matters: "src/originals must never touch it where a run would wait.",
    programs: ["node: lstat, readdir and open inside the package, for at most 20 s"],
    async ask(mac) {
      const { timedOut, stdout } = await touchLibrary(mac);
      const touched = stdout.split("\n").filter((line) => line !== "");
      const says = timedOut
        ? `It waits at the touch after ${touched.length} of 3: look for a question of macOS behind the windows.`
        : `Nothing waits: ${touched.join(", ")}.`;
      return {
        says: `${says} If macOS asked something, please write down what.`,
        observed: { timedOut, touched },
      };
    },
  },
  {
    name: "into-membership",
    question: "Do the members of an `into` album appear one by one, or at the end of the event?",
    matters:
      "src/session/wait-until-quiet.ts takes an album whose length rests for a Photos that has finished.",
    ask: (mac) => watchAlbum(mac, 50),
  },
  {
    name: "added-again",
    question: "Does adding items again, in another order, change the order of an album?",
    matters: "src/album/last-import-album.ts adds again what an album lacks.",
    async ask(mac) {
      return withAlbum(mac, (from) =>
        withAlbum(mac, async (to) => {
          const ids = (await importInto(mac, from.id, mac.media.pictures(4))).items.map(({ id }) => id);
          const order = async () => (await mac.photos.albumContents(to.id))?.map(({ id }) => ids.indexOf(id));
          await mac.photos.addToAlbum(ids, to.id);
          const before = await order();
          await mac.photos.addToAlbum([...ids].reverse(), to.id);
          const after = await order();
          return {
            says: String(before) === String(after) ? "No." : "Yes.",
            observed: { before, after },
          };
        }),
      );
    },
  },
  {
    name: "names-in-whose",
    question: "Does `whose` compare names by letter case, and by how an accent is spelled?",
    matters: "src/jxa/scripts/find-albums.ts asks in both Unicode forms, and the caller compares.",
    scripts: [countAlbumsNamed],
    async ask(mac) {
      return withAlbum(mac, async ({ id }) => {
        const name = `${freshName()}-Été`.normalize("NFC");
        await mac.photos.renameAlbum(id, name);
        const names = [name, name.toLowerCase(), name.normalize("NFD")];
        const observed = await mac.run(countAlbumsNamed, { names });
        if (!observed.ok) return { says: `It fails with ${observed.number}.`, observed };
        const [exact, otherCase, otherForm] = observed.value.map((count) => count > 0);
        const heeds = (isFound: boolean | undefined) => (isFound ? "does not matter" : "matters");
        return {
          says: `Exact: ${exact ? "found" : "not found"}; case ${heeds(otherCase)}; form ${heeds(otherForm)}.`,
          observed,
        };
      });
    },
  },
  {
    name: "last-import-album",
    question: "Does Photos' own hidden `last import album` hold the last import?",
    matters: "src/album makes an album of its own, because nobody was seen to read that one.",
    scripts: [readLastImportAlbum],
    async ask(mac) {
      return withAlbum(mac, async ({ id }) => {
        const ids = (await importInto(mac, id, mac.media.pictures(2))).items.map((item) => item.id);
        const observed = await mac.run(readLastImportAlbum, { ids });
        if (!observed.ok) return { says: `No: it fails with ${observed.number}.`, observed };
        const { count, known } = observed.value;
        return { says: `It holds ${count} items, ${known} of the 2 that were just imported.`, observed };
      });
    },
  },
  {
    name: "size-of-a-live-photo",
    question: "Is the size of a Live Photo that of its still, or of both halves?",
    matters: "src/import/match-imported.ts takes a size for a check, and never for a key.",
    async ask(mac) {
      return withAlbum(mac, async ({ id }) => {
        const [still, video] = mac.media.livePhoto();
        const { items } = await importInto(mac, id, [still, video], 1);
        const observed = { told: items[0]?.sizeBytes ?? null, still: sizeOf(still), video: sizeOf(video) };
        const words = new Map([
          [observed.still, "Of its still."],
          [observed.still + observed.video, "Of both halves."],
          [null, "It has none."],
        ]);
        return { says: words.get(observed.told) ?? "Neither.", observed };
      });
    },
  },
  {
    name: "unknown-things",
    question: "With which numbers does Photos answer what it does not know?",
    matters: "src/jxa scripts take -1728 for an album or an item that is gone, and nothing else.",
    scripts: [askTheUnknown],
    async ask(mac) {
      const observed = await withAlbum(mac, ({ id: albumId }) => mac.run(askTheUnknown, { albumId }));
      const numbers = Object.entries(observed.ok ? observed.value : {});
      return {
        says: numbers.map(([what, number]) => `${what}: ${number ?? "no error"}`).join("; "),
        observed,
      };
    },
  },
  {
    name: "kept-originals",
    question: "Can the package be read, and are the bytes in it those of the files?",
    matters: "src/originals: only bytes read inside the library prove that a photo arrived.",
    readsLibrary: true,
    async ask(mac) {
      return withAlbum(mac, async ({ id }) => {
        const [still, video] = mac.media.livePhoto();
        const { items } = await importInto(mac, id, [still, video], 1);
        const photosId = items[0]?.id ?? "";
        const originals = new OriginalFiles(mac.libraryPath);
        const equal = await Promise.all(
          [still, video].map(async (path) => {
            const wanted = { photosId, sha256: sha256Of(path), sizeBytes: sizeOf(path), copyPath: path };
            return (await originals.find(wanted)) !== null;
          }),
        );
        const rows = await rowsOf(mac, photosId).catch((error: unknown) => String(error));
        const says = `Still ${equal[0] ? "found" : "not found"}, video ${equal[1] ? "found" : "not found"}`;
        return {
          says: `${says}; the database can${typeof rows === "string" ? "not" : ""} be read.`,
          observed: { equal, rows },
        };
      });
    },
  },
  {
    name: "copy-items-setting",
    question:
      'How does "Copy items to the Photos library" stand, by the preference that was seen to hold it?',
    matters: "with it off, the staged file is the photo; src/transfer never removes one without proof.",
    programs: ["defaults read com.apple.Photos IPXDefaultImportUseReferencedImport"],
    async ask(mac) {
      const observed = await mac.program("/usr/bin/defaults", [
        ...["read", "com.apple.Photos", "IPXDefaultImportUseReferencedImport"],
      ]);
      if (observed === null) return noMac;
      const { status, timedOut, stdout } = observed;
      const says = timedOut
        ? "No answer within 20 s: is macOS asking something?"
        : status === 0
          ? `It is ${stdout.trim()}.`
          : "The preference is not there.";
      return { says, observed: { status, timedOut } };
    },
  },
  {
    name: "who-has-the-database-open",
    question: "Does lsof show the library's database under Photos, or under photolibraryd?",
    matters: "src/jxa/jxa-photos-process.ts looks under Photos to say which library is open.",
    programs: ["lsof -nP -Fn -c Photos", "lsof -nP -Fn -c photolibraryd"],
    async ask(mac) {
      const database = `n${mac.libraryPath}/database/Photos.sqlite`;
      const names = ["Photos", "photolibraryd"];
      const listed: string[] = [];
      for (const name of names) {
        const printed = await mac.program("/usr/sbin/lsof", ["-nP", "-Fn", "-c", name]);
        if (printed === null) return noMac;
        if (printed.stdout.split("\n").includes(database)) listed.push(name);
      }
      return { says: `Under ${listed.join(" and ") || "neither"}.`, observed: { listed } };
    },
  },
  {
    name: "permission-probe",
    question: "Does the probe that asks nobody say that events to Photos are permitted?",
    matters: "src/doctor/check-photos.ts tells the right by it, without a prompt.",
    async ask(mac) {
      const observed = await mac.run(mayControlPhotos, undefined);
      const says = observed.ok
        ? `It says ${observed.value.answer} (0: permitted).`
        : `It fails with ${observed.number}.`;
      return { says, observed };
    },
  },
  {
    name: "photokit-status",
    question: "Can PhotoKit's status be read from osascript, and does that show no prompt?",
    matters: "src/doctor/check-photos.ts tells by it whether the library may be read.",
    async ask(mac) {
      const observed = await mac.run(mayReadLibrary, undefined);
      const says = observed.ok ? `It is ${observed.value.status}` : `It fails with ${observed.number}`;
      return { says: `${says}. If macOS asked something, please write down what.`, observed };
    },
  },
  {
    name: "album-in-front",
    question: "Does `spotlight` show an album in Photos' window?",
    matters: "src/jxa/scripts/show-album.ts shows the album of an import with it (import --open).",
    async ask(mac) {
      return withAlbum(mac, async ({ id }) => {
        const observed = await mac.run(showAlbum, { id });
        const says = observed.ok ? "Photos took it." : `It fails with ${observed.number}.`;
        return { says: `${says} Please write down whether you saw the album.`, observed };
      });
    },
  },
  {
    name: "eject-a-phone",
    question: "Does ImageCaptureCore eject the one iPhone on the cable, asked from osascript?",
    matters:
      "src/jxa/scripts/eject-phone.ts asks for it (eject, import --eject), and says so where it stays.",
    programs: ["sw_vers -productVersion"],
    async ask(mac) {
      if ((await mac.program("/usr/bin/sw_vers", ["-productVersion"])) === null) return noMac;
      const observed = await mac.run(ejectPhone, { udid: null, waitMs: 5_000 });
      if (!observed.ok) return { says: `It fails with ${observed.number}.`, observed };
      const { isSeen, canEject, isGone, cameras } = observed.value;
      const says = isSeen
        ? `${isGone ? "Yes" : "No"}; that it can be ejected: ${canEject}. Plug it in again.`
        : `${cameras} cameras were there, so none was asked. Plug in one iPhone, and run --only eject-a-phone.`;
      return { says, observed };
    },
  },
  {
    name: "what-osascript-prints",
    question:
      "What exactly does osascript print for undefined, null, an object, and a text that is not ASCII?",
    matters: "src/virtual/photos/osascript.ts stands in for it; the scripts return ASCII text only.",
    programs: ["undefined", "null", "({a:1})", "'\\u00e9'"].map(
      (text) => `osascript -l JavaScript -e "${text}"`,
    ),
    async ask(mac) {
      const observed: Record<string, unknown> = {};
      for (const text of ["undefined", "null", "({a:1})", "'\\u00e9'"])
        observed[text] = await mac.evaluate(text);
      return { says: "See what was observed.", observed };
    },
  },
  {
    name: "cold-start",
    question:
      "Does `open -gj` leave Photos hidden and without the focus, and what do its first events answer?",
    matters: "src/jxa/jxa-photos-process.ts starts it so, and makeReady tries again after any early failure.",
    scripts: [readWindowState],
    programs: ["open -gj -a Photos"],
    async ask(mac) {
      await mac.process.quit();
      await until(mac, 60_000, "Photos has ended", async () => (await mac.process.running()) === null);
      const begun = mac.clock.now().getTime();
      await mac.process.start();
      const answers: { afterMs: number; number: number }[] = [];
      await until(mac, 120_000, "Photos answers", async () => {
        const probe = await mac.run(launchPhotos, { launch: false }, 130_000);
        answers.push({ afterMs: mac.clock.now().getTime() - begun, number: probe.ok ? 0 : probe.number });
        return probe.ok;
      });
      const window = await mac.run(readWindowState, null);
      const state = window.ok
        ? `hidden: ${window.value.hidden}, with the focus: ${window.value.active}`
        : "unknown";
      return { says: `${state}; it answered at try ${answers.length}.`, observed: { answers, window } };
    },
  },
  {
    name: "plain-event-time-out",
    isLong: true,
    question:
      "After how long does a plain import event end in -1712, and how do its items come in afterwards?",
    matters: "src/jxa/jxa-photos-library.ts takes two minutes for the usual wait.",
    ask: (mac) => watchAlbum(mac, 2_000),
  },
];

/** What is printed comes line by line, so that the touch that waits is known. */
export async function touchLibrary(mac: Pick<Mac, "node" | "libraryPath">) {
  return await mac.node(
    `const fs = require("node:fs");
const path = process.argv.at(-1);
const touch = (what, act) => {
  const begun = Date.now();
  let word = "done";
  try { act(); } catch (error) { word = error.code; }
  fs.writeSync(1, what + " " + word + " in " + (Date.now() - begun) + " ms\\n");
};
touch("lstat", () => fs.lstatSync(path));
touch("readdir", () => fs.readdirSync(path));
touch("open", () => fs.closeSync(fs.openSync(path + "/database/Photos.sqlite", "r")));`,
    mac.libraryPath,
  );
}

const noMac = { says: "Not asked: Photos is a stand-in here.", observed: null };

/** One plain import event, and the album's length while it is under way and until it rests. */
async function watchAlbum(mac: Mac, count: number) {
  return withAlbum(mac, async ({ id: albumId }) => {
    const paths = mac.media.pictures(count);
    const begun = mac.clock.now().getTime();
    const sinceBegun = () => mac.clock.now().getTime() - begun;
    const lengths: { afterMs: number; length: number | null }[] = [];
    const look = async () => {
      const length = (await mac.photos.describeAlbum(albumId))?.length ?? null;
      if (lengths.at(-1)?.length !== length) lengths.push({ afterMs: sinceBegun(), length });
      return length;
    };
    let end: { afterMs: number; number: number } | null = null;
    const event = mac.run(importFiles, { paths, albumId }, 1_800_000).then((answer) => {
      end = { afterMs: sinceBegun(), number: answer.ok ? 0 : answer.number };
    });
    while (end === null) {
      await look();
      await Promise.race([event, mac.clock.wait(250)]);
    }
    for (let rests = 0, last = await look(); rests < 6 && last !== count; rests++) {
      await mac.clock.wait(mac.settleMs);
      const length = await look();
      if (length !== last) rests = 0;
      last = length;
    }
    const ended: { afterMs: number; number: number } = end;
    const ledger = lengths.filter(({ length }) => length !== 0 && length !== count).length;
    const how = ledger > 0 ? "One by one" : lengths.at(-1)?.length === count ? "All at once" : "Never";
    const result = ended.number === 0 ? "answered" : `ended with ${ended.number}`;
    return {
      says: `${how}; the event ${result} after ${Math.round(ended.afterMs / 1000)} s.`,
      observed: { count, ended, lengths },
    };
  });
}

/** What the library's database says of one item, without a name or a place of anything else. */
async function rowsOf(mac: Mac, photosId: string) {
  await using database = await openLibraryDatabase(mac.libraryPath, { workFolder: mac.workFolder });
  const item = database.item(photosId);
  return {
    modelVersion: database.modelVersion,
    savedType: item?.savedType ?? null,
    isComplete: item?.isComplete ?? null,
    hasFingerprint: (item?.fingerprint ?? null) !== null,
    resources: item?.resources.map(({ role, path, expectedBytes, declaredState }) => ({
      role,
      ending: path === null ? null : basename(path).replace(/^[0-9A-F-]{36}/i, ""),
      expectedBytes,
      declaredState,
    })),
  };
}
