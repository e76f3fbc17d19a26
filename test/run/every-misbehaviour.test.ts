import { test } from "vitest";
import { SeededNumbers } from "../../src/virtual/iphone/seeded-numbers.js";
import type { AppleEvent } from "../../src/virtual/photos/apple-event.js";
import {
  hookFor,
  type PhotosMisbehaviour,
  photosMisbehaviours,
} from "../../src/virtual/photos/photos-misbehaviour.js";
import { runInProcess } from "../../src/virtual/photos/run-in-process.js";
import { Desk } from "./one-desk.js";
import { expectHonest, importInTrouble, type Trouble } from "./photos-in-trouble.js";
import { jpeg, mov, phoneWith } from "./small-phones.js";

/** Pairs of misbehaviours in the normal run; more, and others, on request: ROLLCALL_TEST_CASES=1000 ROLLCALL_TEST_SEED=7. */
const pairs = Number(process.env.ROLLCALL_TEST_CASES ?? 15);
const seed = Number(process.env.ROLLCALL_TEST_SEED ?? 20_261_122);
const oneByOne = { withoutPhoneLibrary: true, batchLimits: { items: 1, bytes: 1e9 } } as const;

const onPhone = {
  "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1),
  "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2, "LIVE"),
  "/DCIM/100APPLE/IMG_0002.MOV": mov(2, "LIVE"),
};

/** The names of the events of an undisturbed run, in their order. */
const events = await eventsOfOneRun();

for (const { seen, examples } of photosMisbehaviours) {
  for (const how of examples) {
    test(`${seen} Whenever that begins, every file answers, nothing is claimed that is not there, nothing comes twice (${nameOf(how)})`, async () => {
      let begins = nextEvent(how, 1);
      do {
        const atEvent = begins ?? 1;
        const { struckAt } = await play({
          misbehaviours: [{ ...how, atEvent } as PhotosMisbehaviour],
          stops: [],
        });
        // Until the event that it struck it was as if it had not begun.
        begins = struckAt[0] == null ? null : nextEvent(how, struckAt[0] + 1);
      } while (begins !== null);
    }, 120_000);
  }
}

test(`two misbehaviours at any events, and a kill in between: the same holds (seed ${seed})`, async () => {
  const numbers = new SeededNumbers(seed);
  const examples = photosMisbehaviours.flatMap((described) => described.examples);
  const anyOne = () => {
    const how = examples[numbers.below(examples.length)]!;
    return { ...how, atEvent: 1 + numbers.below(events.length) } as PhotosMisbehaviour;
  };
  for (let pair = 0; pair < pairs; pair += 1) {
    const script = 1 + numbers.below(40);
    const stops = numbers.below(2) === 0 ? [] : [{ script, when: "before" } as const];
    await play({ misbehaviours: [anyOne(), anyOne()], stops });
  }
}, 3_600_000);

async function play(trouble: Trouble) {
  using desk = new Desk();
  try {
    const ending = await importInTrouble(desk, phoneWith(onPhone), oneByOne, trouble);
    expectHonest(ending);
    return ending;
  } catch (error) {
    throw new Error(`under ${JSON.stringify(trouble)}: ${(error as Error).message}`, { cause: error });
  }
}

/** "stops-answering, manner: times-out" */
function nameOf({ name, ...options }: PhotosMisbehaviour): string {
  const said = Object.entries(options).map(
    ([option, value]) => `${option}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return [name, ...said].join(", ");
}

/** The first event from this one on that the misbehaviour may concern; null where none of an undisturbed run does. */
function nextEvent(how: PhotosMisbehaviour, from: number): number | null {
  const { concerns } = hookFor(how);
  const mayConcern = (name: string) => {
    const event = { event: name, direct: [], parameters: {} } as unknown as AppleEvent;
    try {
      return concerns === undefined || concerns(event, undefined as never);
    } catch {
      return true; // it looks at more than the event
    }
  };
  const at = events.findIndex((name, place) => place + 1 >= from && mayConcern(name));
  return at < 0 ? null : at + 1;
}

async function eventsOfOneRun(): Promise<string[]> {
  using desk = new Desk();
  const names: string[] = [];
  let before: Readonly<Record<string, number>> = {};
  const look = () => {
    const { events: counted } = desk.photos.counters();
    names.push(...Object.keys(counted).filter((name) => counted[name] !== before[name]));
    before = counted;
  };
  desk.runScript = runInProcess(
    {
      ...desk.photos,
      runText: (text, options) => desk.photos.runText(text, { ...options, stillWanted: look }),
    },
    desk.clock,
  );
  await desk.import(phoneWith(onPhone), oneByOne);
  return names;
}
