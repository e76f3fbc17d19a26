/**
 * The scripting dictionary of Photos 10 to 12, as far as it is documented: names as JXA spells them, codes as
 * Apple events carry them. Sources: the printed dictionary of Photos 10.0 and the raw one of Photos 4.0
 * (hhas/SwiftAutomation `MacOSGlues/PhotosGlue.swift.sdef`).
 */
export type PropertyType =
  | "text"
  | "text list"
  | "boolean"
  | "integer"
  | "real"
  | "date"
  | "location"
  | "album"
  | "folder"
  | "media item list";

interface DictionaryProperty {
  readonly code: string;
  readonly type: PropertyType;
  readonly writable?: true;
}

interface DictionaryClass {
  readonly code: string;
  readonly properties: Readonly<Record<string, DictionaryProperty>>;
  /** Plural JXA name to class. */
  readonly elements: Readonly<Record<string, ClassName>>;
}

export type ClassName = "application" | "mediaItem" | "container" | "album" | "folder";

const containerProperties = {
  id: { code: "ID  ", type: "text" },
  name: { code: "pnam", type: "text", writable: true },
  parent: { code: "pare", type: "folder" },
} as const;

export const classes: Readonly<Record<ClassName, DictionaryClass>> = {
  application: {
    code: "capp",
    properties: {
      name: { code: "pnam", type: "text" },
      version: { code: "vers", type: "text" },
      frontmost: { code: "pisf", type: "boolean" },
      selection: { code: "selc", type: "media item list" },
      favoritesAlbum: { code: "fvAl", type: "album" },
      lastImportAlbum: { code: "lstI", type: "album" },
      slideshowRunning: { code: "SSrn", type: "boolean" },
      recentlyDeletedAlbum: { code: "trAl", type: "album" },
    },
    elements: { albums: "album", folders: "folder", containers: "container", mediaItems: "mediaItem" },
  },
  mediaItem: {
    code: "IPmi",
    properties: {
      id: { code: "ID  ", type: "text" },
      filename: { code: "filn", type: "text" },
      name: { code: "pnam", type: "text", writable: true },
      description: { code: "IPde", type: "text", writable: true },
      keywords: { code: "IPkw", type: "text list", writable: true },
      favorite: { code: "IPfv", type: "boolean", writable: true },
      date: { code: "idat", type: "date", writable: true },
      height: { code: "phit", type: "integer" },
      width: { code: "pwid", type: "integer" },
      altitude: { code: "alti", type: "real" },
      // Declared writable in the dictionary; nobody was seen to write it, and it makes no sense.
      size: { code: "fsiz", type: "integer" },
      location: { code: "IPlo", type: "location", writable: true },
    },
    elements: {},
  },
  container: { code: "IPct", properties: containerProperties, elements: {} },
  album: { code: "IPal", properties: containerProperties, elements: { mediaItems: "mediaItem" } },
  folder: {
    code: "IPfd",
    properties: containerProperties,
    elements: { containers: "container", albums: "album", folders: "folder" },
  },
};

export type ParameterType = "album" | "folder" | "class" | "text" | "boolean" | "file" | "any";

interface DictionaryCommand {
  /** Event class and id. */
  readonly code: string;
  readonly takesDirect: boolean;
  readonly parameters: Readonly<
    Record<string, { readonly code: string; readonly type: ParameterType; readonly required?: true }>
  >;
}

export const commands: Readonly<Record<string, DictionaryCommand>> = {
  import: {
    code: "IPXSimpo",
    takesDirect: true,
    parameters: {
      into: { code: "toAl", type: "album" },
      skipCheckDuplicates: { code: "skDU", type: "boolean" },
    },
  },
  add: {
    code: "IPXSaddp",
    takesDirect: true,
    parameters: { to: { code: "toAl", type: "album", required: true } },
  },
  make: {
    code: "corecrel",
    takesDirect: false,
    parameters: {
      new: { code: "kocl", type: "class", required: true },
      named: { code: "naME", type: "text" },
      at: { code: "atFD", type: "folder" },
    },
  },
  delete: { code: "coredelo", takesDirect: true, parameters: {} },
  count: { code: "corecnte", takesDirect: true, parameters: {} },
  exists: { code: "coredoex", takesDirect: true, parameters: {} },
  open: { code: "aevtodoc", takesDirect: true, parameters: {} },
  quit: { code: "aevtquit", takesDirect: false, parameters: {} },
  activate: { code: "miscactv", takesDirect: false, parameters: {} },
  export: {
    code: "IPXSexpo",
    takesDirect: true,
    parameters: {
      to: { code: "insh", type: "file", required: true },
      usingOriginals: { code: "usMA", type: "boolean" },
    },
  },
  duplicate: { code: "IPXSclon", takesDirect: true, parameters: {} },
  search: {
    code: "IPXSsrch",
    takesDirect: false,
    parameters: { for: { code: "pTrm", type: "text", required: true } },
  },
  spotlight: { code: "IPXSspot", takesDirect: true, parameters: {} },
};

/** What the prelude must know to tell a command from a property and a list from a value. */
export interface Terminology {
  readonly elements: readonly string[];
  /** Command name to whether it takes a direct parameter. */
  readonly commands: Readonly<Record<string, boolean>>;
}

export const terminology: Terminology = {
  elements: [...new Set(Object.values(classes).flatMap((entry) => Object.keys(entry.elements)))],
  commands: Object.fromEntries(
    Object.entries(commands).map(([name, command]) => [name, command.takesDirect]),
  ),
};
