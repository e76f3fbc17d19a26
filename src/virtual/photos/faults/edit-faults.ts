import type { EditBehavior } from "../import-behavior.js";
import { hasEditedPhoto } from "../offered-files.js";
import type { FaultContext, FaultTable, Trigger } from "./fault.js";

/** What Photos makes of edited photos that share an event with others; `alone`: of those that go alone, too. */
export type EditFault =
  /**
   * The rendering comes in as a photo of its own. `isEdited`: the photo is edited nevertheless, so that the rendering is
   * there too much.
   */
  | ({
      readonly name: "edits-come-apart";
      readonly share?: number;
      readonly isEdited?: boolean;
      readonly alone?: boolean;
    } & Trigger)
  /** The photo comes in as if it had never been edited, and nothing is said. */
  | ({ readonly name: "edits-are-dropped"; readonly share?: number; readonly alone?: boolean } & Trigger);

const open =
  "open: section 9 of the scripting facts, experiment edit-among-others; osxphotos sends one photo a call";

export const editFaults: FaultTable<EditFault> = {
  "edits-come-apart": {
    seen: "Edited photos that are imported together come in as two photos each: the original, and the edit.",
    source: open,
    examples: [{}, { share: 0.4, seed: 7 }, { isEdited: true }, { alone: true }],
    hook: ({ share = 1, isEdited = false, alone = false }) => ({
      concerns: (event) => hasEditedPhoto(event, alone),
      behavior: (context) => ({
        edits: behaviorOf(isEdited ? "copied" : "apart", { share, alone }, context),
      }),
    }),
  },
  "edits-are-dropped": {
    seen: "Edited photos that are imported together come in without their edits.",
    source: open,
    examples: [{}, { share: 0.4, seed: 7 }, { alone: true }],
    hook: ({ share = 1, alone = false }) => ({
      concerns: (event) => hasEditedPhoto(event, alone),
      behavior: (context) => ({ edits: behaviorOf("dropped", { share, alone }, context) }),
    }),
  },
};

function behaviorOf(
  as: EditBehavior["as"],
  { share, alone }: Pick<EditBehavior, "share" | "alone">,
  context: FaultContext,
): EditBehavior {
  return { as, share, alone, seed: Math.floor(context.chance(0) * 2 ** 31) };
}
