import type { PhotosLibrary } from "../photos/photos-library.js";

/** Sends one thing to Photos, with something before, after or in place of it. */
type Around = <Answer>(send: () => Promise<Answer>, signal: AbortSignal | undefined) => Promise<Answer>;

/** The same library, with something around everything that is asked of it, and around everything that changes it. */
export function wrapPhotos(
  photos: PhotosLibrary,
  { ask, change }: { readonly ask: Around; readonly change: Around },
): PhotosLibrary {
  return {
    findAlbums: (name, signal) => ask(() => photos.findAlbums(name, signal), signal),
    describeAlbum: (id, signal) => ask(() => photos.describeAlbum(id, signal), signal),
    albumContents: (id, signal, options) => ask(() => photos.albumContents(id, signal, options), signal),
    countItems: (signal) => ask(() => photos.countItems(signal), signal),
    describeItems: (ids, signal) => ask(() => photos.describeItems(ids, signal), signal),
    makeReady: (signal) => change(() => photos.makeReady(signal), signal),
    createAlbum: (name, signal) => change(() => photos.createAlbum(name, signal), signal),
    renameAlbum: (id, name, signal) => change(() => photos.renameAlbum(id, name, signal), signal),
    deleteAlbum: (id, signal) => change(() => photos.deleteAlbum(id, signal), signal),
    importFiles: (paths, options) => change(() => photos.importFiles(paths, options), options.signal),
    addToAlbum: (ids, albumId, signal) => change(() => photos.addToAlbum(ids, albumId, signal), signal),
  };
}
