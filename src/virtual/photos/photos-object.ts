import { byId, type EventValue } from "./apple-event.js";
import { EventFailure, noSuchObject } from "./event-failure.js";
import { type ContainerRow, containerByPk } from "./library-albums.js";
import type { AssetRow } from "./library-assets.js";
import type { StandingBehavior } from "./standing-behavior.js";
import type { VirtualLibrary } from "./virtual-library.js";

/** One object of Photos, found. */
export type PhotosObject =
  | { readonly kind: "application" }
  | { readonly kind: "mediaItem"; readonly row: AssetRow }
  | { readonly kind: "album" | "folder"; readonly row: ContainerRow };

/** What every question about objects needs. */
export interface PhotosContext {
  readonly library: VirtualLibrary;
  readonly version: string;
  readonly behavior: StandingBehavior;
}

/** An id is the UUID of the database and one of these (Photos 5 and later). */
export const idEndings = { mediaItem: "/L0/001", album: "/L0/040", folder: "/L0/020" } as const;

export function specifierOf(object: PhotosObject): EventValue {
  switch (object.kind) {
    case "application":
      return { object: { form: "application" } };
    case "mediaItem":
      return byId("mediaItems", `${object.row.uuid}${idEndings.mediaItem}`);
    case "album":
      return byId("albums", `${object.row.uuid}${idEndings.album}`);
    case "folder":
      return byId("folders", `${object.row.uuid}${idEndings.folder}`);
  }
}

/** The folder that holds a container. @throws EventFailure -1728 at the top level, as Photos does */
export function parentOf(context: PhotosContext, row: ContainerRow): PhotosObject {
  const parent = row.parentPk === null ? null : containerByPk(context.library, row.parentPk);
  if (parent === null) throw new EventFailure(noSuchObject);
  return { kind: parent.kind, row: parent };
}
