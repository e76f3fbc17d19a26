import { build } from "plist";

/** What the property lists of a set-up hold. */
export type PropertyList = string | number | boolean | readonly PropertyList[] | PropertyDictionary;

export interface PropertyDictionary {
  readonly [key: string]: PropertyList;
}

/** As XML, keys in the order given, tabs as in Apple's own files; the same bytes each time. */
export function propertyListText(value: PropertyDictionary): string {
  return `${build(value as Parameters<typeof build>[0], { pretty: true, indent: "\t" })}\n`;
}
