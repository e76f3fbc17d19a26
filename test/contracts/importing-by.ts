import type { ImportEventKind, PhotosLibrary } from "../../src/photos/photos-library.js";

/** The same library, whose imports all go by one kind of event. */
export function importingBy(event: ImportEventKind, photos: PhotosLibrary): PhotosLibrary {
  return new Proxy(photos, {
    get: (target, name) => {
      if (name === "importFiles")
        return (...[paths, options]: Parameters<PhotosLibrary["importFiles"]>) =>
          target.importFiles(paths, { ...options, event });
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
