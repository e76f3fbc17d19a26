import type { JxaError, JxaFoundation, JxaObjC } from "../photos-dictionary.js";
import type { ScriptEnvelope } from "./envelope.js";

declare const ObjC: JxaObjC;
declare const $: JxaFoundation;

/**
 * May the library be read? PhotoKit's PHAuthorizationStatus: 0 nobody was asked yet, 1 restricted, 2 denied, 3 allowed,
 * 4 allowed in part. Only requesting it asks a person; this does not. Unverified on macOS for a command line tool.
 */
export function mayReadLibrary(): ScriptEnvelope<{ status: number }> {
  const step = "ask whether the library may be read";
  try {
    ObjC.import("Photos");
    return { ok: true, value: { status: Number($.PHPhotoLibrary.authorizationStatus) } };
  } catch (e) {
    const error = e as JxaError;
    const number = typeof error.errorNumber === "number" ? error.errorNumber : -2700;
    return { ok: false, number, message: String(error.message ?? e), step };
  }
}
