import type { EventValue, ObjectSpecifier } from "./apple-event.js";
import { type ClassName, classes } from "./dictionary.js";
import { badIndex, EventFailure, noSuchObject } from "./event-failure.js";
import { albumMembers, containerByUuid, containersIn, favorites, membersOf } from "./library-albums.js";
import { assetByUuid, countAssets, readAssets } from "./library-assets.js";
import { idEndings, type PhotosContext, type PhotosObject } from "./photos-object.js";
import { readProperty } from "./read-property.js";
import { passesTest, requireTest } from "./whose-test.js";

/** What a specifier stands for: an object, a list of them, or the values of a property. */
type Resolved =
  | { readonly is: "object"; readonly object: PhotosObject }
  | { readonly is: "objects"; readonly objects: readonly PhotosObject[] }
  | { readonly is: "value"; readonly value: EventValue };

/** @throws EventFailure -1728 where there is no such object or no such property, -1719 for a bad index */
export function resolve(context: PhotosContext, specifier: ObjectSpecifier): Resolved {
  switch (specifier.form) {
    case "application":
      return { is: "object", object: { kind: "application" } };
    case "every":
      return everyElement(context, resolve(context, specifier.from), specifier.element);
    case "property":
      return property(context, resolve(context, specifier.from), specifier.name);
    case "id": {
      const object = objectById(context, specifier);
      if (object === null) throw new EventFailure(noSuchObject);
      return { is: "object", object };
    }
    case "name": {
      const test = { record: { name: specifier.name } };
      const found = objectsOf(resolve(context, specifier.of)).find((object) => passes(context, object, test));
      if (found === undefined) throw new EventFailure(noSuchObject);
      return { is: "object", object: found };
    }
    case "index": {
      const found = objectsOf(resolve(context, specifier.of)).at(specifier.index);
      if (found === undefined) throw new EventFailure(badIndex);
      return { is: "object", object: found };
    }
    case "test": {
      requireTest(specifier.test);
      const objects = objectsOf(resolve(context, specifier.of)).filter((object) =>
        passes(context, object, specifier.test),
      );
      return { is: "objects", objects };
    }
  }
}

/** How many objects a specifier names, without reading them where that can be helped. */
export function countObjects(context: PhotosContext, specifier: ObjectSpecifier): number {
  if (specifier.form === "every" && specifier.element === "mediaItems") {
    const owner = resolve(context, specifier.from);
    if (owner.is === "object" && owner.object.kind === "application") return countAssets(context.library);
    if (owner.is === "object" && owner.object.kind === "album") {
      return countAssets(context.library, membersOf(context.library, owner.object.row.pk));
    }
  }
  return objectsOf(resolve(context, specifier)).length;
}

function passes(context: PhotosContext, object: PhotosObject, test: EventValue): boolean {
  return passesTest(
    test,
    (name) => readProperty(context, object, name) ?? null,
    context.behavior.names ?? "alike",
  );
}

function objectsOf(resolved: Resolved): readonly PhotosObject[] {
  if (resolved.is === "objects") return resolved.objects;
  if (resolved.is === "object") return [resolved.object];
  throw new EventFailure(noSuchObject);
}

function property(context: PhotosContext, owner: Resolved, name: string): Resolved {
  if (owner.is === "object") return { is: "value", value: readProperty(context, owner.object, name) };
  return { is: "value", value: objectsOf(owner).map((object) => readProperty(context, object, name)) };
}

function everyElement(context: PhotosContext, owner: Resolved, element: string): Resolved {
  return {
    is: "objects",
    objects: objectsOf(owner).flatMap((object) => elementsOf(context, object, element)),
  };
}

function elementsOf(context: PhotosContext, owner: PhotosObject, element: string): PhotosObject[] {
  const wanted: ClassName | undefined = classes[owner.kind].elements[element];
  if (wanted === undefined) throw new EventFailure(noSuchObject);
  if (wanted === "mediaItem") {
    const rows =
      owner.kind === "album" ? albumMembers(context.library, owner.row.pk) : readAssets(context.library);
    return rows.map((row) => ({ kind: "mediaItem", row }));
  }
  // Since Photos 5 the application lists only what is at the top level.
  const parent = owner.kind === "folder" ? owner.row.pk : null;
  const found = containersIn(context.library, parent).filter(
    (row) => wanted === "container" || row.kind === wanted,
  );
  const isTopLevel = owner.kind === "application" && wanted === "container";
  return [...(isTopLevel ? [favorites] : []), ...found].map((row) => ({ kind: row.kind, row }));
}

/** The class that each list of elements holds; `containers` holds two. */
const elementKinds: Readonly<Record<string, readonly PhotosObject["kind"][]>> = {
  mediaItems: ["mediaItem"],
  albums: ["album"],
  folders: ["folder"],
  containers: ["album", "folder"],
};

/**
 * By id, straight to the row: the library may be large. Albums are found at any depth from the application,
 * folders only in the folder that holds them. A bare UUID is taken for media items, where it was seen to work,
 * and for nothing else.
 */
function objectById(
  context: PhotosContext,
  specifier: Extract<ObjectSpecifier, { form: "id" }>,
): PhotosObject | null {
  if (specifier.of.form !== "every") return null;
  const { element, from } = specifier.of;
  const owner = resolve(context, from);
  if (owner.is !== "object" || classes[owner.object.kind].elements[element] === undefined) return null;
  const slash = specifier.id.indexOf("/");
  const uuid = slash < 0 ? specifier.id : specifier.id.slice(0, slash);
  const ending = slash < 0 ? null : specifier.id.slice(slash);
  const found =
    element === "mediaItems" ? itemIn(context, owner.object, uuid) : containerIn(context, owner.object, uuid);
  if (found === null || !elementKinds[element]?.includes(found.kind)) return null;
  if (ending === null) return found.kind === "mediaItem" || context.behavior.acceptsBareUuids ? found : null;
  return found.kind !== "application" && ending === idEndings[found.kind] ? found : null;
}

function itemIn(context: PhotosContext, owner: PhotosObject, uuid: string): PhotosObject | null {
  const row = assetByUuid(context.library, uuid);
  if (row === null) return null;
  if (owner.kind === "album") {
    const members = membersOf(context.library, owner.row.pk);
    const values = [...members.values, row.pk];
    if (countAssets(context.library, { ...members, where: "a.Z_PK = ?", values }) === 0) return null;
  }
  return { kind: "mediaItem", row };
}

function containerIn(context: PhotosContext, owner: PhotosObject, uuid: string): PhotosObject | null {
  const row = containerByUuid(context.library, uuid);
  if (row === null) return null;
  const parent = owner.kind === "folder" ? owner.row.pk : null;
  const isReachable = row.parentPk === parent || (row.kind === "album" && parent === null);
  return isReachable ? { kind: row.kind, row } : null;
}
