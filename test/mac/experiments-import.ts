import { rmSync } from "node:fs";
import { basename } from "node:path";
import { importFilesRaw } from "../../dist/jxa/scripts/import-files-raw.js";
import { withAlbum } from "../contracts/photos-library-contract.js";
import { type Experiment, read, type Sent, send } from "./experiment.js";
import { importAndShow, importNothing, importTextPaths } from "./scripts.js";

const NEVER_AN_ALBUM = "00000000-0000-0000-0000-000000000000/L0/040";

/** What the import event takes, answers and imports. */
export const importExperiments: readonly Experiment[] = [
  {
    name: "display-string",
    question: "Does the display string of a returned item hold its id?",
    matters:
      "src/jxa/scripts/import-files.ts reads ids from it without an event; else they come from the album.",
    scripts: [importAndShow],
    async ask(mac) {
      const observed = await withAlbum(mac, ({ id: albumId }) =>
        mac.run(importAndShow, { paths: mac.media.pictures(2), albumId }),
      );
      if (!observed.ok) return { says: `The event fails with ${observed.number}.`, observed };
      const { items } = observed.value;
      const isHeld = items.length > 0 && items.every(({ shown, id }) => shown.endsWith(`.byId("${id}")`));
      return { says: isHeld ? "Yes, at its end, as byId." : "No, or not as byId.", observed };
    },
  },
  {
    name: "order-of-the-answer",
    question: "In which order, and how complete, does an import of ten files answer?",
    matters: "src/import/match-imported.ts believes neither; a fixed order would be a further check.",
    scripts: [importAndShow],
    async ask(mac) {
      const [still, video] = mac.media.livePhoto();
      const paths = [
        ...mac.media.pictures(4),
        still,
        video,
        mac.media.png(),
        ...mac.media.pictures(3),
      ].reverse();
      const observed = await withAlbum(mac, ({ id: albumId }) => mac.run(importAndShow, { paths, albumId }));
      if (!observed.ok) return { says: `The event fails with ${observed.number}.`, observed };
      const answered = observed.value.items.map(({ filename }) => filename);
      const expected = paths.map((path) => basename(path)).filter((name) => name !== basename(video));
      const isComplete = [...answered].sort().join() === [...expected].sort().join();
      const order = answered.join() === expected.join() ? "in the order of the files" : "in another order";
      return {
        says: isComplete ? `Each item once, ${order}.` : `${answered.length} of ${expected.length} items.`,
        observed: { given: paths.map((path) => basename(path)), answered },
      };
    },
  },
  {
    name: "import-of-nothing",
    question: "What does an import of an empty list answer?",
    matters: "src/jxa/scripts/import-files.ts takes null and an empty list for the same.",
    scripts: [importNothing],
    async ask(mac) {
      const observed = await mac.run(importNothing, null);
      return {
        says: observed.ok ? `It answers ${observed.value}.` : `It fails with ${observed.number}.`,
        observed,
      };
    },
  },
  {
    name: "raw-event",
    question: "Does the import event that is built by hand work, and can ids be read from its reply?",
    matters: "src/jxa/scripts/import-files-raw.ts: large videos need its time-out; else they end in -1712.",
    async ask(mac) {
      const observed = await withAlbum(mac, async ({ id: albumId }) => {
        const paths = mac.media.pictures(2);
        const answer = await mac.run(importFilesRaw, { paths, albumId, timeoutSeconds: 600 }, 620_000);
        const contents = (await mac.photos.albumContents(albumId)) ?? [];
        return { answer, inAlbum: contents.map(({ id, filename }) => ({ id, filename })) };
      });
      const { answer, inAlbum } = observed;
      if (!answer.ok) return { says: `It fails with ${answer.number} at "${answer.step}".`, observed };
      const ids = answer.value.ids === null ? "its ids cannot be read" : "its ids are read from the reply";
      return { says: `It works: ${inAlbum.length} of 2 are in the album, and ${ids}.`, observed };
    },
  },
  {
    name: "raw-event-time-out",
    question: "Does the time-out of the raw event end the wait, and does the work go on after it?",
    matters: "src/jxa/jxa-photos-library.ts lets the event give up 10 s before the child is killed.",
    async ask(mac) {
      const observed = await withAlbum(mac, async ({ id: albumId }) => {
        const paths = mac.media.pictures(60);
        const begun = mac.clock.now().getTime();
        const answer = await mac.run(importFilesRaw, { paths, albumId, timeoutSeconds: 1 }, 120_000);
        const afterMs = mac.clock.now().getTime() - begun;
        const atOnce = (await mac.photos.describeAlbum(albumId))?.length ?? null;
        await mac.clock.wait(mac.settleMs * 6);
        return { answer, afterMs, atOnce, later: (await mac.photos.describeAlbum(albumId))?.length ?? null };
      });
      const { answer, afterMs, later } = observed;
      const said = answer.ok ? "answered" : `ended with ${answer.number}`;
      return { says: `With 1 s for 60 pictures it ${said} after ${afterMs} ms; ${later} came in.`, observed };
    },
  },
  {
    name: "album-that-is-gone",
    question: "What does an import into an album that is gone do?",
    matters: "src/run/pin-library.ts takes a journal album that no longer resolves for a switched library.",
    async ask(mac) {
      const observed = await mac.run(
        importFilesRaw,
        { paths: [mac.media.picture()], albumId: NEVER_AN_ALBUM, timeoutSeconds: 100 },
        120_000,
      );
      return {
        says: observed.ok
          ? `It answers ${observed.value.count} items, without the album.`
          : `It fails with ${observed.number}.`,
        observed,
      };
    },
  },
  {
    name: "edit-among-others",
    question:
      "Does an original with its AAE and render come out as one item when others are in the same event?",
    matters: "src/import/batches.ts sends items with edits in batches of their own, without others.",
    ask: async (mac) => {
      const edited = mac.media.edited();
      const sent = await send(mac, [
        ...mac.media.pictures(3),
        ...edited,
        ...mac.media.livePhoto(),
        mac.media.png(),
      ]);
      const ofIt = sent.inAlbum.filter((name) => edited.some((path) => basename(path) === name));
      const isOne = ofIt.length === 1 && ofIt[0] === basename(edited[0]) && sent.inAlbum.length === 6;
      return read(sent, isOne ? "Yes: one item, under the original's name." : `No: ${ofIt.join(" and ")}.`);
    },
  },
  {
    name: "edits-together",
    question: "Do three edited photos in one event come out as three items, and is each edited at once?",
    matters:
      "src/import/edited-batches.ts grows such batches only on proof; src/verify/edits-in-library.ts reads the rows.",
    ask: async (mac) => {
      const edited = [mac.media.edited(), mac.media.edited(), mac.media.edited()];
      const sent = await send(mac, edited.flat());
      const wanted = edited.map(([original]) => basename(original)).sort();
      const isExact = [...sent.inAlbum].sort().join() === wanted.join();
      return read(
        sent,
        isExact ? "Yes: three items, under their originals' names." : `No: ${sent.inAlbum.join(", ")}.`,
      );
    },
  },
  {
    name: "live-photo-in-two-events",
    question: "Do the halves of a Live Photo join when they come in two events?",
    matters: "src/import/batches.ts never splits an item.",
    ask: async (mac) => {
      const [still, video] = mac.media.livePhoto();
      return joined(await send(mac, [still], [video]));
    },
  },
  {
    name: "live-photo-of-two-names",
    question: "Do halves with one content identifier join in one event when their names differ?",
    matters: "src/catalogue/live-photos.ts joins by name.",
    ask: async (mac) => joined(await send(mac, mac.media.livePhoto({ stems: 2 }))),
  },
  {
    name: "one-name-and-no-identifier",
    question: "Do a picture and a video of one name join when they share no content identifier?",
    matters: "src/import/match-imported.ts expects two items, and gives each file its own id.",
    ask: async (mac) => joined(await send(mac, mac.media.strangersOfOneStem())),
  },
  {
    name: "two-pictures-of-one-stem",
    question: "What becomes of two pictures of one stem in one event?",
    matters: "src/import/batches.ts keeps them apart.",
    ask: async (mac) => {
      const sent = await send(mac, mac.media.twoPicturesOfOneStem());
      return read(
        sent,
        sent.inAlbum.length === 2 ? "Both come in." : `In came: ${sent.inAlbum.join() || "nothing"}.`,
      );
    },
  },
  {
    name: "vanished-file",
    question: "What becomes of an event when one of its files is gone?",
    matters: "src/import/import-items.ts halves a batch that failed, and looks in any case.",
    ask: async (mac) => {
      const paths = mac.media.pictures(3);
      rmSync(paths[1] ?? "");
      return othersCame(await send(mac, paths), 2);
    },
  },
  {
    name: "lonely-aae",
    question: "What becomes of an event with an AAE whose photo is not in it?",
    matters: "src/import/readable-by-photos.ts never sends one alone.",
    ask: async (mac) => {
      const [one = "", two = ""] = mac.media.pictures(2);
      return othersCame(await send(mac, [one, mac.media.lonelyAdjustments(), two]), 2);
    },
  },
  {
    name: "burst",
    question: "Does the library's count, or the album, show every frame of a burst?",
    matters: "src/catalogue makes each frame an item, and each is looked for in the album.",
    ask: async (mac) => {
      const sent = await send(mac, mac.media.burst(4));
      return read(
        sent,
        `Of 4 frames the album shows ${sent.inAlbum.length}, and the count grows by ${sent.added}.`,
      );
    },
  },
  {
    name: "text-for-a-path",
    question: "Is a path that is given as text refused?",
    matters: "the scripts give Path objects only.",
    scripts: [importTextPaths],
    async ask(mac) {
      const observed = await mac.run(importTextPaths, { paths: [mac.media.picture()] });
      return {
        says: observed.ok ? `No: ${observed.value} came in.` : `Yes, with ${observed.number}.`,
        observed,
      };
    },
  },
];

/** An alert may stand over Photos' window after it. */
export const poisonExperiment: Experiment = {
  name: "poison",
  question:
    "What becomes of ten files when one of them is a text under a picture's name: alert, failure, or silence?",
  matters: "src/import/readable-by-photos.ts keeps such files back by their first bytes; others may pass.",
  ask: async (mac) => {
    const paths = mac.media.pictures(9);
    paths.splice(4, 0, mac.media.poison());
    const finding = othersCame(await send(mac, paths), 9);
    return { ...finding, says: `${finding.says} If Photos shows an alert, please write down its words.` };
  },
};

function joined(sent: Sent) {
  const words = ["No item.", "They join: one item.", "They stay apart: two items."];
  return read(sent, words[sent.inAlbum.length] ?? `${sent.inAlbum.length} items.`);
}

function othersCame(sent: Sent, others: number) {
  const came = sent.inAlbum.length;
  return read(sent, came === others ? "The others come in." : `${came} of the ${others} others come in.`);
}
