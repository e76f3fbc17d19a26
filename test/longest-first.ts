import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The dearest first. What is not named here comes after them, the largest files first where no duration is known. */
const LONGEST = [
  "run/every-fault",
  "run/whatever-happens",
  "transcripts/trouble",
  "run/stopped-and-resumed",
  "run/import-from-phone",
  "stories/first-import",
  "run/whatever-the-cable-does",
  "run/no-false-proved",
  "stories/photos-faults",
  "session/photos-session",
];

/** A file of a minute that begins last leaves the other processor with nothing to do. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification) => {
      const place = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return place < 0 ? LONGEST.length : place;
    };
    const sorted = await super.sort(files);
    return sorted.sort((one, other) => placeOf(one) - placeOf(other));
  }
}
