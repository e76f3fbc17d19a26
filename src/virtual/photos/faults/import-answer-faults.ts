import { isList } from "../apple-event.js";
import { shuffled } from "../seeded-chance.js";
import { type FaultTable, isEvent, type Trigger } from "./fault.js";

/** Everything comes in, and the answer of `import` does not tell it as it is. */
export type ImportAnswerFault =
  /** Missing value, or an empty list. */
  | ({ readonly name: "import-returns-nothing"; readonly as?: "null" | "empty list" } & Trigger)
  /** At least one item is not in the answer. */
  | ({ readonly name: "import-returns-fewer" } & Trigger)
  | ({ readonly name: "import-returns-other-order" } & Trigger)
  /** What the display string of a returned item shows: its id in the album, or only a place in the library. */
  | ({ readonly name: "import-spells-items"; readonly as: "through-album" | "by-index" } & Trigger)
  /** When there was nothing to import, the answer is a list without items instead of missing value. */
  | ({ readonly name: "empty-import-answers-list" } & Trigger);

export const importAnswerFaults: FaultTable<ImportAnswerFault> = {
  "import-returns-nothing": {
    seen: "The pictures are in, and Photos says nothing about them.",
    source: "dvankley/google-to-apple-photos-album-mapper main.scpt; PhotoScript photoscript/__init__.py",
    examples: [{}, { as: "empty list" }],
    hook: ({ as = "null" }) => ({
      concerns: isEvent("import"),
      after: () => (as === "null" ? null : []),
    }),
  },
  "import-returns-fewer": {
    seen: "The pictures are in, and Photos names only some of them.",
    source:
      "PhotoScript photoscript/__init__.py (fewer for pairs, failures, skipped ones); that it may be fewer still is open",
    examples: [{}, { seed: 7 }],
    hook: () => ({
      concerns: isEvent("import"),
      after: (_event, reply, context) => {
        if (!isList(reply)) return reply;
        const always = Math.floor(context.chance(0) * reply.length);
        return reply.filter((_item, index) => index !== always && context.chance(index + 1) < 0.7);
      },
    }),
  },
  "import-returns-other-order": {
    seen: "Photos names the pictures in another order than they were given.",
    source: "open; one test of PhotoScript sees the order of the files",
    examples: [{}, { seed: 7 }],
    hook: () => ({
      concerns: isEvent("import"),
      after: (_event, reply, context) => {
        if (!isList(reply)) return reply;
        const mixed = shuffled(reply, Math.floor(context.chance(0) * 2 ** 31));
        return mixed.every((item, index) => item === reply[index]) ? mixed.reverse() : mixed;
      },
    }),
  },
  "import-spells-items": {
    seen: "Photos names the pictures in a way from which their ids cannot be read directly.",
    source: "open: no public source says which way",
    examples: [{ as: "through-album" }, { as: "by-index" }],
    hook: ({ as }) => ({ concerns: isEvent("import"), behavior: () => ({ spells: as }) }),
  },
  "empty-import-answers-list": {
    seen: "Asked to import nothing it can take, Photos answers with a list of no pictures.",
    source: "open: no public source says which way",
    examples: [{}],
    hook: () => ({
      concerns: (event, context) => event.event === "import" && context.countComing(event) === 0,
      behavior: () => ({ answerForNothing: "empty list" }),
    }),
  },
};
