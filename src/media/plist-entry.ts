/**
 * One value of the dictionary at the top of a property list. Containers are `other`: nothing below the top is looked
 * at, so a list that contains itself, or one value a million times, costs nothing.
 */
export type PlistEntry =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "data"; readonly sizeBytes: number }
  | { readonly type: "other" };

/** Seven keys are known of an edit; nobody needs a hundred. */
export const MOST_ENTRIES = 100;

/** No key and no identifier is as long, in UTF-16 units. */
export const LONGEST_READ = 4096;
