import type { Context } from "hono";
import type { ItemFile } from "../catalogue/media-item.js";
import { bytes } from "../words/wording.js";
import { type Access, refuse } from "./access.js";
import { fileToShow, isSafariOnly, mediaKind, movingFile } from "./media-kinds.js";
import { mediaRange } from "./media-range.js";
import type { OpenedPhone } from "./opened-phone.js";
import type { LargeView } from "./page/server-state.js";
import type { ListedPhoto } from "./photo-list.js";

/** How the large view may show a photo. */
export function largeView({ photo, item }: ListedPhoto, plan: number, access: Access): LargeView {
  const file = item === null ? null : fileToShow(item);
  const moving = item === null ? null : movingFile(item);
  const address = (part: "still" | "live") => access.signed(`/media/${plan}/${photo.id}/${part}`);
  return {
    show: file === null ? "thumbnail" : mediaKind(file.file.path)!.show,
    address: file === null ? null : address("still"),
    liveAddress: moving === null ? null : address("live"),
    isSafariOnly: file !== null && isSafariOnly(file.file.path),
    facts:
      item === null
        ? [photo.name]
        : item.files.map(({ file: one }) => `${nameOf(one.path)}, ${bytes(one.sizeBytes)}`),
  };
}

/** The bytes of a photo, or a stretch of them, read off the phone as they are taken. */
export function mediaResponse(
  context: Context,
  opened: OpenedPhone,
  { item }: ListedPhoto,
  part: "still" | "live",
): Response {
  const found: ItemFile | null = item === null ? null : part === "live" ? movingFile(item) : fileToShow(item);
  const kind = found === null ? null : mediaKind(found.file.path);
  if (found === null || kind === null)
    return refuse(context, 404, "NOT_SHOWN", "A browser cannot show this file.");
  const { file } = found;
  const asked = mediaRange(context.req.header("range"), file.sizeBytes);
  const headers = { "Content-Type": kind.type, "Accept-Ranges": "bytes" };
  if (asked === "none") {
    context.header("Content-Range", `bytes */${file.sizeBytes}`);
    return refuse(context, 416, "NO_SUCH_RANGE", "The file has no such stretch.");
  }
  const { offset, length } = asked ?? { offset: 0, length: file.sizeBytes };
  const body = stretch(opened, file, { offset, length }, context.req.raw.signal);
  if (asked === null) return context.body(body, 200, { ...headers, "Content-Length": String(length) });
  const range = `bytes ${offset}-${offset + length - 1}/${file.sizeBytes}`;
  return context.body(body, 206, { ...headers, "Content-Length": String(length), "Content-Range": range });
}

/** Read as it is taken: a video that is paused asks the phone for nothing more. */
function stretch(
  opened: OpenedPhone,
  file: ItemFile["file"],
  { offset, length }: { readonly offset: number; readonly length: number },
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const gone = new AbortController();
  const chunks = opened.read(file, offset, AbortSignal.any([signal, gone.signal]));
  let leftBytes = length;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = leftBytes > 0 ? await chunks.next() : { done: true as const, value: undefined };
        if (next.done === true) {
          await chunks.return();
          if (leftBytes > 0) throw new Error("the file is shorter than it was");
          return controller.close();
        }
        // The phone's own chunk is valid until the next is asked for.
        const chunk = Uint8Array.from(next.value.subarray(0, leftBytes));
        leftBytes -= chunk.length;
        controller.enqueue(chunk);
      } catch (error) {
        controller.error(error);
      }
    },
    async cancel() {
      gone.abort();
      await chunks.return().catch(() => {});
    },
  });
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
