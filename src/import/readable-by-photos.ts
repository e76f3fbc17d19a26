import { open, readFile, stat } from "node:fs/promises";
import { fileNameOf } from "../catalogue/camera-file-names.js";
import { EDIT_ROLES } from "../catalogue/file-roles.js";
import type { FileRole } from "../catalogue/media-item.js";
import type { Reason } from "../errors.js";
import { MOST_ADJUSTMENTS_BYTES, readAdjustments } from "../media/adjustments-plist.js";
import { CONTENT_HEAD_BYTES, type ContentKind, contentKind } from "../media/content-kind.js";
import { fileKind } from "../media/file-kinds.js";
import { advise } from "../remedy.js";
import type { StagedFile, StagedItem } from "../transfer/staged-item.js";
import type { WhyExcluded } from "./imported-item.js";

/** What of an item may be sent to Photos. */
interface SendableFiles {
  /** Empty when its original, or a half of it, is plainly not what its name says: then nothing is sent. */
  readonly send: readonly StagedFile[];
  /** Why the other files stay behind, by path on the phone. */
  readonly leave: ReadonlyMap<string, WhyExcluded>;
  /** Its bytes are none that are known here: Photos may know them, and no other is to be sent with it. */
  readonly isUnrecognised: boolean;
}

/**
 * Looks at the first bytes of an item's files, and at the whole recipe of an edit. A file that is plainly not what its
 * name says can fail the whole event, or stop Photos at an alert that nobody sees. What is not recognised is left to
 * Photos to judge. A broken part does not keep a sound original out: the photo goes without that part, which says so.
 */
export async function readableByPhotos(item: StagedItem): Promise<SendableFiles> {
  const leave = new Map<string, WhyExcluded>();
  let isUnrecognised = false;
  for (const { role, file, copyPath } of item.files) {
    const head = await firstBytes(copyPath);
    const kind = contentKind(head);
    const isSidecar = role === "adjustments" || role === "original-adjustments";
    if (kind === "unknown" && !isSidecar) isUnrecognised = true;
    else if (role === "adjustments" && (await isDamagedRecipe(copyPath)))
      leave.set(file.path, RECIPE_DAMAGED);
    else if (!isAcceptable(role, kind, file.path)) {
      leave.set(file.path, {
        code: "NOT_WHAT_IT_SAYS",
        message: `it is not a readable ${wantedFor(role, file.path)} (it begins with ${JSON.stringify(printable(head))})`,
        remedy:
          "Open it on the phone; if it is broken there too, nothing is lost. Its copy stays in staging.",
      });
    }
  }
  const broken = item.files.filter(({ file }) => leave.has(file.path));
  if (broken.length === 0) return { send: item.files, leave, isUnrecognised };

  const without = leftWithout(new Set(broken.map(({ role }) => role)));
  const [named] = leave.keys();
  const send: StagedFile[] = [];
  for (const staged of item.files) {
    if (leave.has(staged.file.path)) continue;
    if (without === "all" || without.has(staged.role)) leave.set(staged.file.path, incomplete(named!));
    else send.push(staged);
  }
  return { send, leave, isUnrecognised };
}

/**
 * What means nothing, or something else, without a broken part. Without its original nothing is sent: a half alone
 * could never be joined again.
 */
function leftWithout(broken: ReadonlySet<FileRole>): ReadonlySet<FileRole> | "all" {
  if (broken.has("original")) return "all";
  const without = new Set<FileRole>();
  // Photos makes the edit anew from a recipe alone; a rendering without one it takes for a photo of its own.
  if (broken.has("adjustments")) for (const role of EDIT_ROLES) without.add(role);
  if (broken.has("edited") || broken.has("live-movie")) without.add("edited-live-movie");
  return without;
}

async function isDamagedRecipe(path: string): Promise<boolean> {
  const { size } = await stat(path);
  return size > MOST_ADJUSTMENTS_BYTES || "why" in readAdjustments(await readFile(path));
}

const RECIPE_DAMAGED: WhyExcluded = {
  code: "EDIT_NOT_CARRIED",
  message:
    "the recipe of the edit (AAE) is damaged, so Photos cannot be given the edit; the photo is not touched by that",
  remedy: "The edit is on the phone: compare the photo there with the one in Photos.",
  isExpected: true,
};

function incomplete(named: string): Reason {
  return {
    code: "ITEM_INCOMPLETE",
    message: `${named} belongs to the same photo and is not readable`,
    remedy: advise`Its copy stays in staging: ${{ action: "show-staging" }} shows where. Import it by hand if you want it alone.`,
  };
}

/** @param kind what it is, as far as that was recognised */
function isAcceptable(role: FileRole, kind: ContentKind, path: string): boolean {
  if (role === "adjustments" || role === "original-adjustments") return kind === "adjustments";
  const wanted = wantedFor(role, path);
  return wanted === "picture or video" ? kind === "picture" || kind === "video" : kind === wanted;
}

function wantedFor(role: FileRole, path: string): "edit (AAE)" | "video" | "picture" | "picture or video" {
  if (role === "adjustments" || role === "original-adjustments") return "edit (AAE)";
  if (role === "live-movie" || role === "edited-live-movie") return "video";
  if (role === "raw") return "picture";
  const named = fileKind(fileNameOf(path).extension);
  if (named === "video") return "video";
  // A name that says nothing: the phone's library, or its bytes, made a photo or a video of it.
  return named === "unknown" ? "picture or video" : "picture";
}

async function firstBytes(path: string): Promise<Buffer> {
  const handle = await open(path, "r");
  try {
    const head = Buffer.alloc(CONTENT_HEAD_BYTES);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function printable(head: Buffer): string {
  return head
    .subarray(0, 8)
    .toString("latin1")
    .replaceAll(/[^\x20-\x7e]/g, ".");
}
