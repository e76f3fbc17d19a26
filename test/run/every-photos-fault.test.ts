import { test } from "vitest";
import type { ImportRequest } from "../../src/run/run-parts.js";
import type { SeededNumbers } from "../../src/virtual/iphone/seeded-numbers.js";
import type { AppleEvent } from "../../src/virtual/photos/apple-event.js";
import { hookFor, type PhotosFault, photosFaults } from "../../src/virtual/photos/photos-fault.js";
import { runInProcess } from "../../src/virtual/photos/run-in-process.js";
import { casesOr, playCases, seed } from "../random-cases.js";
import { sampled } from "../sampled.js";
import { ImportHarness } from "./import-harness.js";
import { expectHonest, importInTrouble, type Trouble } from "./photos-in-trouble.js";
import { jpeg, mov, phoneWith } from "./small-phones.js";

const pairs = casesOr(10);
const oneByOne = { withoutPhoneLibrary: true, batchLimits: { items: 1, bytes: 1e9 } } as const;
/** Each photo is too large for a plain event. */
const byHand = { withoutPhoneLibrary: true, batchLimits: { items: 1, bytes: 1e9, firstBytes: 1 } } as const;

const onPhone = {
  "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1),
  "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2, "LIVE"),
  "/DCIM/100APPLE/IMG_0002.MOV": mov(2, "LIVE"),
};

/** One way in which the photos are sent, and the names of the events of an undisturbed run, in their order. */
interface Way {
  readonly request: Partial<ImportRequest>;
  /** What an import event carries besides. */
  readonly importEvent: Partial<AppleEvent>;
  readonly events: readonly string[];
}
const plainly: Way = { request: oneByOne, importEvent: {}, events: await eventsOfOneRun(oneByOne) };
const handBuilt: Way = {
  request: byHand,
  importEvent: { timeoutSeconds: 140 },
  events: await eventsOfOneRun(byHand),
};

const all = photosFaults.flatMap(({ seen, examples }) => examples.map((how) => ({ seen, how })));

for (const { seen, how } of sampled(all, 6)) {
  test(`${seen} From any event on, each file has one true answer and is there once (${nameOf(how)})`, async () => {
    for (const way of waysOf(how)) {
      let begins = nextEvent(how, 1, way);
      do {
        const atEvent = begins ?? 1;
        const faults = [{ ...how, atEvent } as PhotosFault];
        const { struckAt } = await play({ faults, stops: [] }, way.request);
        // Until the event that it struck it was as if it had not begun.
        begins = struckAt[0] == null ? null : nextEvent(how, struckAt[0] + 1, way);
      } while (begins !== null);
    }
  }, 120_000);
}

test(`two faults at any events, and a kill in between: the same holds (seed ${seed})`, async () => {
  const examples = photosFaults.flatMap((described) => described.examples);
  const anyOne = (numbers: SeededNumbers) => {
    const how = examples[numbers.below(examples.length)]!;
    return { ...how, atEvent: 1 + numbers.below(plainly.events.length) } as PhotosFault;
  };
  await playCases(pairs, async (numbers) => {
    const script = 1 + numbers.below(40);
    const stops = numbers.below(2) === 0 ? [] : [{ script, when: "before" } as const];
    const { request } = numbers.below(3) === 0 ? handBuilt : plainly;
    await play({ faults: [anyOne(numbers), anyOne(numbers)], stops }, request);
  });
}, 3_600_000);

async function play(trouble: Trouble, request: Partial<ImportRequest>) {
  const way = request === plainly.request ? "plainly" : "by hand";
  using harness = new ImportHarness();
  try {
    const ending = await importInTrouble(harness, phoneWith(onPhone), request, trouble);
    expectHonest(ending);
    return ending;
  } catch (error) {
    throw new Error(`${way} under ${JSON.stringify(trouble)}: ${(error as Error).message}`, { cause: error });
  }
}

/** "stops-answering, manner: times-out" */
function nameOf({ name, ...options }: PhotosFault): string {
  const said = Object.entries(options).map(
    ([option, value]) => `${option}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return [name, ...said].join(", ");
}

/** What strikes imports alone is played with both kinds of event; what no plain one knows, with the other. */
function waysOf(how: PhotosFault): Way[] {
  const isOfImports = !mayConcern(how, "get", plainly) && mayConcern(how, "import", handBuilt);
  if (!isOfImports) return [plainly];
  return mayConcern(how, "import", plainly) ? [plainly, handBuilt] : [handBuilt];
}

/** The first event from this one on that the fault may concern; null where none of an undisturbed run does. */
function nextEvent(how: PhotosFault, from: number, way: Way): number | null {
  const at = way.events.findIndex((name, place) => place + 1 >= from && mayConcern(how, name, way));
  return at < 0 ? null : at + 1;
}

function mayConcern(how: PhotosFault, name: string, { importEvent }: Way): boolean {
  const { concerns } = hookFor(how);
  const event = {
    event: name,
    parameters: {},
    ...(name === "import" && importEvent),
    get direct(): never {
      throw new Error("only a run knows what an event carries");
    },
  } as unknown as AppleEvent;
  try {
    return concerns === undefined || concerns(event, undefined as never);
  } catch {
    return true; // it looks at more than the event
  }
}

async function eventsOfOneRun(request: Partial<ImportRequest>): Promise<string[]> {
  using harness = new ImportHarness();
  const names: string[] = [];
  let before: Readonly<Record<string, number>> = {};
  const look = () => {
    const { events: counted } = harness.photos.counters();
    names.push(...Object.keys(counted).filter((name) => counted[name] !== before[name]));
    before = counted;
  };
  harness.runScript = runInProcess(
    {
      ...harness.photos,
      runText: (text, options) => harness.photos.runText(text, { ...options, stillWanted: look }),
    },
    harness.clock,
  );
  await harness.import(phoneWith(onPhone), request);
  return names;
}
