import type { JxaError, JxaFoundation, JxaObjC, JxaRef } from "../photos-dictionary.js";
import type { ScriptEnvelope } from "./envelope.js";

declare const ObjC: JxaObjC;
declare const $: JxaFoundation;
declare const Ref: JxaRef;

/**
 * The import event of import-files.ts, built by hand, because only so it can carry a time-out of its own:
 * `P.import` gives up after about two minutes, and a large video may need longer. Codes from the dictionary (SwiftAutomation
 * PhotosGlue.swift.sdef); the object specifier as Apple's "Apple Events Programming Guide" builds one.
 *
 * It is sent with NSAppleEventSendDefaultOptions, 35: wait for the reply (3), may interact (32). Apple's header says
 * that the default options let a sandboxed receiver read the files that an event names, and Photos is sandboxed: sent
 * with 3, it may answer well and import nothing.
 *
 * A failure at step "build" has sent nothing. Unverified on macOS.
 */
export function importFilesRaw(input: {
  readonly paths: readonly string[];
  readonly albumId: string;
  readonly timeoutSeconds: number;
}): ScriptEnvelope<{ ids: string[] | null; count: number | null }> {
  let step = "build";
  try {
    ObjC.import("Foundation");
    const code = (four: string) =>
      four.charCodeAt(0) * 0x1000000 +
      four.charCodeAt(1) * 0x10000 +
      four.charCodeAt(2) * 0x100 +
      four.charCodeAt(3);
    const descriptor = $.NSAppleEventDescriptor;

    const byId = descriptor.recordDescriptor;
    byId.setDescriptorForKeyword(descriptor.descriptorWithTypeCode(code("IPal")), code("want"));
    byId.setDescriptorForKeyword(descriptor.descriptorWithEnumCode(code("ID  ")), code("form"));
    byId.setDescriptorForKeyword(descriptor.descriptorWithString(input.albumId), code("seld"));
    byId.setDescriptorForKeyword(descriptor.nullDescriptor, code("from"));
    const album = byId.coerceToDescriptorType(code("obj "));
    if (album.isNil()) throw new Error("no object specifier");

    const files = descriptor.listDescriptor;
    for (const path of input.paths) {
      files.insertDescriptorAtIndex(descriptor.descriptorWithFileURL($.NSURL.fileURLWithPath(path)), 0); // 0 appends
    }
    const event = descriptor.appleEventWithEventClassEventIDTargetDescriptorReturnIDTransactionID(
      code("IPXS"),
      code("impo"),
      descriptor.descriptorWithBundleIdentifier("com.apple.Photos"),
      -1, // kAutoGenerateReturnID
      0, // kAnyTransactionID
    );
    event.setParamDescriptorForKeyword(files, code("----"));
    event.setParamDescriptorForKeyword(descriptor.descriptorWithBoolean(true), code("skDU"));
    event.setParamDescriptorForKeyword(album, code("toAl"));
    const trouble = Ref();
    const sendDefaultOptions = 35;

    step = "import";
    const reply = event.sendEventWithOptionsTimeoutError(sendDefaultOptions, input.timeoutSeconds, trouble);
    if (reply.isNil()) {
      // Whatever cannot be read here may have happened: it is a time-out until somebody looks.
      const number = Number(trouble[0]?.code) || -1712;
      return { ok: false, number, message: "The import event failed.", step };
    }
    const errorNumber = reply.paramDescriptorForKeyword(code("errn"));
    if (!errorNumber.isNil() && Number(errorNumber.int32Value) !== 0) {
      const errorText = reply.paramDescriptorForKeyword(code("errs"));
      const message =
        errorText.isNil() || errorText.stringValue.isNil() ? "" : String(errorText.stringValue.js);
      return { ok: false, number: Number(errorNumber.int32Value), message, step };
    }

    let ids: string[] | null = null;
    let count: number | null = null;
    try {
      const items = reply.paramDescriptorForKeyword(code("----"));
      count = items.isNil() ? 0 : Number(items.numberOfItems);
      for (let index = 1; index <= count; index++) {
        const id = items.descriptorAtIndex(index).descriptorForKeyword(code("seld"));
        const text = id.isNil() || id.stringValue.isNil() ? "" : String(id.stringValue.js);
        // An item may also be named by its place, and a number reads as text too.
        if (!/^[0-9A-F-]{36}\//i.test(text)) throw new Error("an item without an id");
        ids = ids ?? [];
        ids.push(text);
      }
    } catch {
      ids = null; // the items are in; only their ids have to be found another way
    }
    return { ok: true, value: { ids, count } };
  } catch (e) {
    const error = e as JxaError;
    const number = typeof error.errorNumber === "number" ? error.errorNumber : -2700;
    return { ok: false, number, message: String(error.message ?? e), step };
  }
}
