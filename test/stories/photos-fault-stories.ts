import type { PhotosFault } from "../../src/virtual/photos/photos-fault.js";

/**
 * How a run ends for the person.
 * "done": every photo came, exit 0, and the summary says nothing else.
 * "without": exit 3; these files have another answer than `present`, and the summary says these sentences.
 * "stopped": one clear error, and the same command afterwards, with a Photos that is well, imports the rest.
 */
export type Ending =
  /** `notInAlbum`: photos that Photos shows to no script, and so to no album. */
  | { readonly ends: "done"; readonly notInAlbum?: readonly string[] }
  | Without
  | {
      readonly ends: "stopped";
      readonly code: string;
      readonly status: number;
      readonly says: readonly string[];
    };

interface Without {
  readonly ends: "without";
  readonly files: Readonly<Record<string, string>>;
  readonly says: readonly string[];
  /** What the album "Rollcall: extra copies" holds; there is none unless given. */
  readonly extra?: readonly string[];
}

export interface Story {
  /** What the person sees. */
  readonly title: string;
  /** Switched on together. */
  readonly how: readonly PhotosFault[];
  readonly ending: Ending;
  /** Said while the run goes on. */
  readonly tells: readonly string[];
  readonly circumstances: Circumstances;
  /** The next run is told to import what is not there any more (`--retry`). */
  readonly isAgain: boolean;
}

/** In what the fault is met; without it the run is the undisturbed one, from which it must differ. */
export interface Circumstances {
  /** Photos was open before: it is the person's, and not ended by Rollcall. */
  readonly isTheirs: boolean;
  /** Every photo is too large for a plain event, as this Photos begins. */
  readonly isByHand: boolean;
  /** The name of a staged file that is gone when it is sent. */
  readonly vanishes: string | null;
  /** Other faults, without which this one has nothing to act on. */
  readonly besides: readonly PhotosFault[];
}

const done: Ending = { ends: "done" };

const story = (
  title: string,
  how: PhotosFault | readonly PhotosFault[],
  ending: Ending = done,
  {
    tells = [],
    isTheirs = false,
    isByHand = false,
    vanishes = null,
    besides = [],
    isAgain = false,
  }: Partial<Circumstances & Pick<Story, "tells" | "isAgain">> = {},
): Story => ({
  title,
  how: "name" in how ? [how] : how,
  ending,
  tells,
  circumstances: { isTheirs, isByHand, vanishes, besides },
  isAgain,
});

const startedAnew = { tells: ["it does not answer"] };
const looksAtTheirs = { isTheirs: true, tells: ["Look at its window: a message there may wait for you."] };

const byHand = { isByHand: true };
const staysPlain = { ...byHand, tells: ["this run sends only ordinary ones"] };

const noAnswer = (...says: string[]): Ending => ({
  ends: "stopped",
  code: "PHOTOS_UNAVAILABLE",
  status: 7,
  says: ["error: Photos does not answer.", ...says],
});
const stopsAnswering = (...says: string[]): Ending => ({
  ends: "stopped",
  code: "PHOTOS_UNAVAILABLE",
  status: 7,
  says: ["error: Photos stopped answering.", "it checks what arrived and continues.", ...says],
});
const notAllowed: Ending = {
  ends: "stopped",
  code: "PHOTOS_NOT_PERMITTED",
  status: 4,
  says: ["error: Rollcall may not control Photos.", "System Settings > Privacy & Security > Automation"],
};
const switched: Ending = {
  ends: "stopped",
  code: "PHOTOS_LIBRARY_SWITCHED",
  status: 7,
  says: [
    "error: Photos has another library open than at the start of this run.",
    "it resumes where it stopped.",
  ],
};
const liveLeftOut = (sentence: string): Ending => ({
  ends: "without",
  files: { "IMG_0002.JPG": "failed: PHOTOS_LEFT_OUT", "IMG_0002.MOV": "failed: PHOTOS_LEFT_OUT" },
  says: ["error: 1 photo did not arrive (2 files).", sentence, "8 new photos, all proved"],
});
const nobodyKnows = (files: readonly string[], ...says: string[]): Ending => ({
  ends: "without",
  files: Object.fromEntries(files.map((name) => [name, "unknown: PHOTOS_WOULD_NOT_SAY"])),
  says: ["did not arrive, or could not be found as ", "It was not sent twice", ...says],
});
const lostAtQuit = (files: readonly string[], ...says: string[]): Ending => ({
  ends: "without",
  files: Object.fromEntries(files.map((name) => [name, "missing: NOT_IN_LIBRARY"])),
  says: [...says, "Photos gave it an id, and the library knows neither that nor its bytes"],
});
const copyGone = (...names: string[]): Without => ({
  ends: "without",
  files: Object.fromEntries(names.map((name) => [name, "failed: STAGED_COPY_GONE"])),
  says: ["error: 1 photo did not arrive", "its copy in staging was gone before Photos had read it"],
});
const leftOutOnce: Ending = {
  ends: "without",
  files: {
    "IMG_0001.JPG": "failed: PHOTOS_LEFT_OUT",
    "IMG_0002.JPG": "failed: PHOTOS_LEFT_OUT",
    "IMG_0002.MOV": "failed: PHOTOS_LEFT_OUT",
  },
  says: ["error: 2 photos did not arrive (3 files).", "it left it out and reported nothing"],
};
const messageInWindow = "a message in its window may be waiting";

/** At least one for each fault that the virtual Photos knows. */
export const stories: readonly Story[] = [
  // --- the way to Photos
  story(
    "macOS lets nothing through to Photos: exit 4, and where to allow it",
    { name: "refuses-events" },
    notAllowed,
  ),
  story("macOS asks, the person allows it after a while: all photos come", {
    name: "asks-permission",
    answer: "allow",
    afterMs: 4000,
  }),
  story(
    "macOS asks and the person says no: exit 4, and where to allow it",
    { name: "asks-permission", answer: "deny" },
    notAllowed,
  ),
  story(
    "macOS asks and nobody is there: after two minutes exit 7, nothing came, and the next run imports all",
    { name: "asks-permission", answer: "nobody" },
    noAnswer(messageInWindow),
  ),
  story(
    "Photos does not start: exit 7, and that it was not running",
    { name: "photos-will-not-start" },
    noAnswer("Photos was not running", "Quit Photos, open it again"),
  ),
  story(
    "Photos cannot be started by macOS: exit 7, and to open it by hand",
    { name: "photos-will-not-start", number: -10810 },
    noAnswer("there may be no logged-in desktop", "Open Photos by hand"),
  ),
  story("Photos takes its time to open its library: all photos come", {
    name: "starts-slowly",
    readyAfterMs: 8000,
    manner: "blocks",
  }),
  story("Photos refuses everything for its first seconds: all photos come", {
    name: "starts-slowly",
    readyAfterMs: 8000,
    manner: "fails",
  }),
  story("Photos knows none of its albums for its first seconds: all photos come", {
    name: "starts-slowly",
    readyAfterMs: 8000,
    manner: "fails",
    number: -1728,
  }),
  story("Photos shows an empty library for its first seconds: all photos come", {
    name: "starts-slowly",
    readyAfterMs: 8000,
    manner: "nothing-there",
  }),

  // --- the program
  story(
    "Photos wears out in the middle: it is started anew, and all photos come",
    { name: "wears-out", afterItems: 2, failsAfterItems: 2 },
    done,
    startedAnew,
  ),
  story(
    "Photos wears out and says only that it failed: it is started anew, and all photos come",
    { name: "wears-out", afterItems: 2, failsAfterItems: 2, number: -10000 },
    done,
    startedAnew,
  ),
  story("Photos becomes slow and not yet useless: all photos come", { name: "wears-out", afterItems: 2 }),
  story(
    "Photos hangs from the start: exit 7, and to look at its window",
    { name: "stops-answering", manner: "times-out" },
    noAnswer(messageInWindow),
  ),
  story(
    "Photos hangs in the middle: it is ended and started anew, and all photos come",
    { name: "stops-answering", manner: "times-out", atEvent: 12 },
    done,
    startedAnew,
  ),
  story(
    "Photos was open before and hangs in the middle: the person is told, exit 7, and the next run goes on",
    { name: "stops-answering", manner: "times-out", atEvent: 12 },
    stopsAnswering(messageInWindow),
    looksAtTheirs,
  ),
  story(
    "Photos hangs so that no question ever ends: it is ended and started anew, and all photos come",
    { name: "stops-answering", manner: "blocks-for-good", atEvent: 12 },
    done,
    startedAnew,
  ),
  ...[4, 8, 12].flatMap((atEvent) => [
    story(`Photos is quit by somebody between two questions (event ${atEvent}): all photos come`, {
      name: "photos-ends",
      when: "before",
      atEvent,
    }),
  ]),
  story("Photos crashes while it is asked something, and had not done it: all photos come", {
    name: "photos-ends",
    when: "during",
    atEvent: 8,
  }),
  story("Photos crashes while it is asked something, and had done it: all photos come, once", {
    name: "photos-ends",
    when: "during",
    isDone: true,
    atEvent: 8,
  }),
  story("Photos is quit by somebody right after it answered: all photos come", {
    name: "photos-ends",
    when: "after",
    atEvent: 8,
  }),
  story(
    "a notice over Photos' window keeps it from answering: exit 7, and to look at its window",
    { name: "sheet-opens" },
    noAnswer(messageInWindow),
  ),
  story(
    "a notice comes up in the middle: Photos is started anew, and all photos come",
    { name: "sheet-opens", atEvent: 12 },
    done,
    startedAnew,
  ),
  story(
    "a notice comes up in a Photos that was open before: the person is told, exit 7, and the next run goes on",
    { name: "sheet-opens", atEvent: 12 },
    stopsAnswering(messageInWindow),
    looksAtTheirs,
  ),
  story(
    "a notice under which Photos still tells its version does not look like a Photos that is well",
    { name: "sheets-differ", answersVersion: true },
    noAnswer(messageInWindow),
    { besides: [{ name: "sheet-opens" }] },
  ),
  story(
    "a notice under which no question ever ends: exit 7 all the same",
    { name: "sheets-differ", blocksForGood: true },
    stopsAnswering(),
    { ...looksAtTheirs, besides: [{ name: "sheet-opens", atEvent: 12 }] },
  ),

  // --- the library
  story("Photos keeps no copies of what it imports: all photos come, and their staged copies stay", {
    name: "imports-references",
  }),
  story(
    "Photos shows one picture of a burst: the others are proved by their bytes in the same run",
    { name: "hides-burst-frames" },
    { ends: "done", notInAlbum: ["IMG_0007.JPG"] },
  ),
  story(
    "another library is opened in the middle: exit 7, and when the first is back the next run goes on",
    { name: "library-switched", atEvent: 12 },
    switched,
  ),
  story(
    "another library is opened without Photos being started anew: exit 7, and the next run goes on",
    { name: "library-switched", keepsProcess: true, atEvent: 12 },
    switched,
  ),
  story(
    "a photo is moved to the Hidden album before it was read back: it is proved by its bytes in the same run",
    { name: "hides-items", names: "^IMG_0002\\." },
    { ends: "done", notInAlbum: ["IMG_0002.JPG"] },
  ),
  story(
    "Photos repairs its library in the middle and gives everything new ids: all photos come, under the new ones",
    {
      name: "ids-change",
      atEvent: 12,
    },
  ),

  story(
    "the files of imported photos are in the library 45 seconds later: all photos are proved",
    { name: "files-come-late", lateByMs: 45_000 },
    done,
    { tells: ["not in the library yet as Photos lists them: looking again for up to 2 minutes"] },
  ),
  story(
    "the library's database knows imported photos 45 seconds later: all photos are proved",
    { name: "rows-come-late", lateByMs: 45_000 },
    done,
    { tells: ["not in the library yet as Photos lists them: looking again for up to 2 minutes"] },
  ),
  story(
    "Photos loses its last photo when it is quit: it is missing in this very receipt, exit 3; --retry imports it",
    { name: "quit-loses-items" },
    lostAtQuit(["IMG_0007.JPG"], "error: 1 photo did not arrive"),
    { isAgain: true, tells: ["Photos was quit, and 1 photo of this run cannot be found in the library"] },
  ),
  story(
    "Photos loses its last three photos when it is quit: they are missing in this very receipt, exit 3",
    { name: "quit-loses-items", items: 3 },
    lostAtQuit(["Grüße.JPG", "IMG_0006.JPG", "IMG_0007.JPG"], "error: 3 photos did not arrive"),
    { isAgain: true, tells: ["Photos was quit, and 3 photos of this run cannot be found in the library"] },
  ),

  // --- albums and writing
  story("Photos makes an album and does not say so: all photos come, in one album", {
    name: "make-returns-nothing",
  }),
  story("Photos makes an album and says it failed: all photos come, in one album", {
    name: "make-fails-though-made",
  }),
  story("a new album shows up after some seconds: all photos come, in one album", {
    name: "make-appears-late",
    lateByMs: 3000,
  }),
  story("Photos leaves some photos out of the album: it holds all of them in the end", {
    name: "add-drops-some",
  }),
  story("Photos leaves photos out of the album three times: it holds all of them in the end", {
    name: "add-drops-some",
    times: 3,
    seed: 11,
  }),
  story("imported photos show up in their album late: all photos come", {
    name: "into-shows-late",
    lateByMs: 3000,
  }),
  story("imported photos never show up in the album they were meant for: all photos come", {
    name: "into-does-nothing",
  }),
  story(
    "Photos fails when it is asked what an empty album holds: what it left out is named, and all others come",
    { name: "empty-album-fails" },
    leftOutOnce,
    { besides: [{ name: "import-drops-some", share: 1, times: 1 }] },
  ),
  story(
    "the library ignores what it is told: exit 7 before anything was sent",
    { name: "ignores-writes" },
    stopsAnswering("The new album did not appear."),
  ),
  story(
    "the library is read-only and says so: exit 7, and why",
    { name: "ignores-writes", number: -10003 },
    stopsAnswering("The Photos library does not accept changes."),
  ),

  story(
    "the library is read-only and says so in another way: exit 7, and why",
    { name: "ignores-writes", number: -10006 },
    stopsAnswering("The Photos library does not accept changes."),
  ),

  // --- single files
  story(
    "one photo makes every import fail: it is named with exit 3, and all others come",
    { name: "poison-file", names: "^IMG_0002\\." },
    liveLeftOut("Photos failed and does not say why."),
  ),
  story(
    "one photo makes the import fail after others came in: it is named with exit 3, and no other comes twice",
    { name: "poison-file", names: "^IMG_0002\\.", importsEarlier: true },
    liveLeftOut("Photos failed and does not say why."),
  ),
  story(
    "one photo kills Photos whenever it is sent: it is named with exit 3, and all others come",
    { name: "poison-file", names: "^IMG_0002\\.", manner: "kills" },
    liveLeftOut("it crashed or hangs"),
  ),
  story(
    "one photo raises an alert: Photos is started anew, the photo is named with exit 3, and all others come",
    { name: "poison-file", names: "^IMG_0002\\.", manner: "alert" },
    liveLeftOut("Photos did not answer in time"),
    startedAnew,
  ),
  story(
    "Photos leaves one photo out without a word: it is named with exit 3",
    { name: "unsupported-file", names: "^IMG_0002\\.", manner: "left-out" },
    liveLeftOut("it left it out and reported nothing"),
  ),
  story(
    "Photos refuses a whole batch for one photo: that one is named with exit 3, and all others come",
    { name: "unsupported-file", names: "^IMG_0002\\.", manner: "fails" },
    liveLeftOut("Photos failed and does not say why."),
  ),
  story(
    "Photos shows an alert about one photo and takes the others: that one is named with exit 3",
    { name: "unsupported-file", names: "^IMG_0002\\.", manner: { alert: "others-after" } },
    liveLeftOut("Photos did not answer in time"),
    startedAnew,
  ),
  story(
    "Photos takes the others and then shows an alert about one photo: that one is named with exit 3, and no other comes twice",
    { name: "unsupported-file", names: "^IMG_0002\\.", manner: { alert: "others-first" } },
    liveLeftOut("Photos did not answer in time"),
    startedAnew,
  ),
  story(
    "Photos shows an alert about one photo and takes none of its batch: that one is named with exit 3, and all others come",
    { name: "unsupported-file", names: "^IMG_0002\\.", manner: { alert: "others-never" } },
    liveLeftOut("Photos did not answer in time"),
    startedAnew,
  ),
  story(
    "Photos leaves out photos without a word, once: they are named with exit 3, and the next run imports them",
    { name: "import-drops-some", share: 1, times: 1 },
    leftOutOnce,
  ),
  story(
    "Photos imports the others where one file vanished: that one is named with exit 3",
    { name: "vanished-file-spares-others" },
    copyGone("IMG_0001.JPG"),
    { vanishes: "IMG_0001.JPG" },
  ),
  story(
    "Photos leaves out an edit whose picture vanished: the photo is named with exit 3",
    { name: "lonely-aae-spares-others" },
    { ...copyGone("IMG_0004.JPG", "IMG_0004.AAE", "IMG_E0004.JPG"), extra: ["IMG_E0004.JPG"] },
    { vanishes: "IMG_0004.JPG", besides: [{ name: "vanished-file-spares-others" }] },
  ),

  // --- what the import answers
  story("Photos says nothing of what it imported: all photos come", { name: "import-returns-nothing" }),
  story("Photos answers an import of photos with an empty list: all photos come", {
    name: "import-returns-nothing",
    as: "empty list",
  }),
  story("Photos names only some of what it imported: all photos come", {
    name: "import-returns-fewer",
    seed: 7,
  }),
  story("Photos names what it imported in another order: each file has its own id", {
    name: "import-returns-other-order",
  }),
  story("Photos names what it imported by its place: each file has its own id", {
    name: "import-spells-items",
    as: "by-index",
  }),
  story("Photos names what it imported by its place in the album: each file has its own id", {
    name: "import-spells-items",
    as: "through-album",
  }),
  story(
    "Photos answers an import of nothing with an empty list: what vanished is named, and all others come",
    { name: "empty-import-answers-list" },
    { ...copyGone("IMG_0004.JPG", "IMG_0004.AAE", "IMG_E0004.JPG"), extra: ["IMG_E0004.JPG"] },
    {
      vanishes: "IMG_0004.JPG",
      besides: [{ name: "vanished-file-spares-others" }, { name: "lonely-aae-spares-others" }],
    },
  ),

  // --- an event with a time-out of its own, for what is too large for an ordinary one
  ...[-1728, -10000, -1708, -43, -128, -10004, -1743].map((number) =>
    story(
      `Photos answers ${number} to an import event that may take long: all photos come by the ordinary one`,
      { name: "hand-built-import-fails", number },
      done,
      staysPlain,
    ),
  ),
  story(
    "Photos answers an error to an import event that may take long, and took the photos: all are there once",
    { name: "hand-built-import-fails", number: -1700, isDone: true },
    done,
    byHand,
  ),
  story(
    "Photos answers well to an import event that may take long, and did nothing: all photos come by the ordinary one",
    { name: "hand-built-import-does-nothing" },
    done,
    staysPlain,
  ),
  story(
    "Photos answers such an event with an empty list, and did nothing: all photos come by the ordinary one",
    { name: "hand-built-import-does-nothing", as: "empty list" },
    done,
    staysPlain,
  ),
  story(
    "Photos names a photo that there is not, and did nothing: the library's bytes tell, and all photos come",
    { name: "hand-built-import-does-nothing", as: "wrong id" },
    done,
    staysPlain,
  ),
  story(
    "Photos answers such an event with an empty list, and the photos come ten seconds later: all are there once",
    { name: "hand-built-import-does-nothing", as: "empty list", lateByMs: 10_000 },
    done,
    byHand,
  ),
  story(
    "Photos answers such an event with an empty list, once: the rest of the run goes by the ordinary one",
    { name: "hand-built-import-does-nothing", as: "empty list", times: 1 },
    done,
    staysPlain,
  ),

  // --- how the import ends
  story("Photos gives up on an import with -1712 and had finished it: all photos are there once", {
    name: "import-times-out",
    lateByMs: 0,
  }),
  story(
    "Photos gives up on an import with -1712 and finishes it later, one by one: all photos are there once",
    {
      name: "import-times-out",
      lateByMs: 10_000,
      everyMs: 5000,
    },
  ),
  story("Photos gives up on an import with -1712 and is deaf until it is done: all photos are there once", {
    name: "import-times-out",
    lateByMs: 45_000,
    readsBlock: true,
  }),
  story(
    "Photos gives up on an import with -1712 and nothing of it ever comes: it is started anew, and all photos come",
    { name: "import-times-out", lateByMs: 0, comes: 0, times: 1 },
    done,
    { tells: ["it did not say what became of the last photos"] },
  ),
  story(
    "a Photos that was open before gives up on an import, and nothing comes: nobody knows, exit 3; when it has ended, the next run imports them",
    { name: "import-times-out", lateByMs: 0, comes: 0, times: 1 },
    nobodyKnows(["IMG_0001.JPG", "IMG_0002.JPG", "IMG_0002.MOV"], "Photos did not answer in time"),
    { isTheirs: true },
  ),
  story(
    "Photos gives up on an import with -1712 and imports one photo of it later: the others are sent again, once",
    { name: "import-times-out", lateByMs: 10_000, everyMs: 2000, comes: 1, times: 1 },
    done,
    { tells: ["it did not say what became of the last photos"] },
  ),
  story(
    "Photos gives up on an import with -1712, answers nothing for half a minute, and finishes it: all photos are there once",
    { name: "import-times-out", lateByMs: 45_000, thenBrokenMs: 30_000 },
  ),
  story("Photos crashes in the middle of an import: what had not come in is sent again, once", {
    name: "import-loses-connection",
    photos: "dies",
    afterItems: 1,
    times: 1,
  }),
  story("the connection breaks and Photos goes on: all photos are there once", {
    name: "import-loses-connection",
    photos: "lives",
    afterItems: 1,
    lateByMs: 20_000,
  }),
  story("macOS says that Photos is not running, though it imported everything: all photos are there once", {
    name: "import-says-not-running",
  }),
  story("Photos fails at an import once: it is sent in smaller parts, and all photos come", {
    name: "event-fails",
    number: -10000,
    event: "import",
    times: 1,
  }),
  story(
    "Photos says that an album could not be made in time, and it is there: all photos come, in one album",
    {
      name: "event-fails",
      number: -1712,
      event: "make",
      isDone: true,
    },
  ),

  story("the connection breaks at the first question, which was answered: all photos come", {
    name: "event-fails",
    number: -609,
    isDone: true,
    times: 1,
  }),
  story("Photos says once that something is not there, and it is: all photos come", {
    name: "event-fails",
    number: -1728,
    times: 1,
    atEvent: 9,
  }),

  // --- what no source settles: nobody sees a difference
  story("Photos counts a Live Photo's video into its size: nobody sees a difference", {
    name: "live-size-counts-both",
  }),
  story("Photos tells the names with their accents taken apart: all photos come", {
    name: "file-names-differ",
    as: "decomposed",
  }),
  story("Photos tells the names in capitals: all photos come", { name: "file-names-differ", as: "capitals" }),
  story("Photos tells the names with another ending: all photos come, known by their bytes", {
    name: "file-names-differ",
    as: "other-ending",
  }),
  story("Photos tells no name of any picture: all photos come, known by their bytes", {
    name: "file-names-differ",
    as: "absent",
  }),
  story(
    "errors come to the script in another way: nobody sees a difference",
    { name: "raw-errors-as-nserror" },
    liveLeftOut("Photos failed and does not say why."),
    { ...byHand, besides: [{ name: "unsupported-file", names: "^IMG_0002\\.", manner: "fails" }] },
  ),
  story(
    "an absent result comes to the script in another way: nobody sees a difference",
    { name: "missing-result-as-msng" },
    done,
    { ...byHand, besides: [{ name: "import-returns-nothing" }] },
  ),
  ...(
    [
      ["German", "de"],
      ["French", "fr"],
      ["Japanese", "ja"],
    ] as const
  ).map(([inWords, language]) =>
    story(
      `Photos tells its errors in ${inWords}: the same sentences, with its own at the end`,
      { name: "speaks", language },
      notAllowed,
      { besides: [{ name: "refuses-events" }] },
    ),
  ),
];

/** A fault that no run meets, and a script that does: it tells something else where the fault is on. */
export interface UnmetFault {
  readonly how: PhotosFault;
  /** Why no run meets it. */
  readonly because: string;
  /** Body of a script, over a library that holds `input.paths` and an album "Trip" with nothing in it. */
  readonly script: string;
}

/** Where a run would meet one of these, it would need a story. */
export const MET_BY_NO_RUN: readonly UnmetFault[] = [
  ...(["one-left-out", "fails"] as const).map(
    (manner): UnmetFault => ({
      how: { name: "one-of-each-stem", manner },
      because: "two pictures of one stem never go in one event",
      script:
        "P.import(input.paths.map((path) => Path(path)), {skipCheckDuplicates: true}); return P.mediaItems.length",
    }),
  ),
  {
    how: { name: "compares-names-exactly" },
    because: "a run compares the names of albums itself, whatever whose() lets through",
    script: "return P.albums.whose({name: 'TRIP'})().length",
  },
  {
    how: { name: "accepts-bare-uuids" },
    because: "a run keeps whole ids",
    script: "return P.albums.byId(P.albums[0].id().slice(0, 36)).name()",
  },
  ...([-1708, "undefined"] as const).map(
    (as): UnmetFault => ({
      how: { name: "unknown-names-give", as },
      because: "a run asks for names that the dictionary has",
      script: "return P.flavour()",
    }),
  ),
  {
    how: { name: "sizes-wrap" },
    because: "no video of this roll has 4 GB: import/large-video.test.ts has one",
    script: "return P.mediaItems.size()",
  },
];
