import { statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { PhotosFault } from "../../../../src/virtual/photos/photos-fault.js";
import { faultyPhotos } from "./faulty-photos.js";

describe("what no source settles, one way and the other", () => {
  it.each<[PhotosFault, body: string, usual: unknown, other: unknown]>([
    [
      { name: "compares-names-exactly" },
      "return [P.albums.whose({name: 'trip'})().length, P.albums.byName('TRIP').exists()]",
      [1, true],
      [0, false],
    ],
    [
      { name: "accepts-bare-uuids" },
      "return P.albums.byId(P.albums[0].id().slice(0, 36)).name()",
      -1728,
      "Trip",
    ],
    [{ name: "unknown-names-give", as: -1708 }, "return P.flavour()", -1728, -1708],
    [{ name: "unknown-names-give", as: "undefined" }, "return typeof P.flavour()", -1728, "undefined"],
  ])("%j", (how, body, usual, other) => {
    const { ask, photos } = faultyPhotos(how);
    expect(ask(body)).toEqual(other);
    photos.faults(null);
    expect(ask(body)).toEqual(usual);
  });

  it("counts the picture of a Live Photo alone, or both halves", () => {
    const { importInto, ask, photos, media } = faultyPhotos();
    const paths = [media.jpeg("IMG_0005.JPG", "A-5"), media.video("IMG_0005.MOV", "A-5")];
    const [still, video] = paths.map((path) => statSync(path).size) as [number, number];
    importInto([...paths, media.png("IMG_0006.PNG")]);
    const sizes = "return P.mediaItems.size()";
    const [, plain] = ask(sizes) as [number, number];
    expect(ask(sizes)).toEqual([still, plain]);
    photos.faults({ name: "live-size-counts-both" });
    expect(ask(sizes)).toEqual([still + video, plain]);
  });

  it("tells the size of a large video exactly, or wrapped to 32 bits", () => {
    const { importInto, ask, photos } = faultyPhotos();
    importInto();
    photos.library.database.exec("UPDATE ZADDITIONALASSETATTRIBUTES SET ZORIGINALFILESIZE = 6442450949");
    expect(ask("return P.mediaItems[0].size()")).toBe(6_442_450_949);
    photos.faults({ name: "sizes-wrap" });
    expect(ask("return P.mediaItems[0].size()")).toBe(-2_147_483_643);
  });

  it.each([
    ["de" as const, "Objekt kann nicht gelesen werden."],
    ["fr" as const, "Impossible d’obtenir l’objet."],
    ["ja" as const, "オブジェクトを取り出すことはできません。"],
  ])("speaks %s, with the same numbers", (language, message) => {
    const { script, photos } = faultyPhotos({ name: "speaks", language });
    expect(script("P.albums.byId('x/L0/040').name()")).toEqual({ number: -1728, message });
    photos.faults(null);
    expect(script("P.albums.byId('x/L0/040').name()")).toEqual({
      number: -1728,
      message: "Can't get object.",
    });
  });
});

describe("a raw event", () => {
  const raw = `ObjC.import("Foundation");
    var D = $.NSAppleEventDescriptor;
    var code = function (text) { return text.split("").reduce(function (sum, c) { return sum * 256 + c.charCodeAt(0); }, 0); };
    var event = D.appleEventWithEventClassEventIDTargetDescriptorReturnIDTransactionID(
      code("IPXS"), code("impo"), D.descriptorWithBundleIdentifier("com.apple.Photos"), -1, 0);
    var files = D.listDescriptor;
    files.insertDescriptorAtIndex(D.descriptorWithFileURL($.NSURL.fileURLWithPath(input)), 0);
    event.setParamDescriptorForKeyword(files, code("----"));
    event.setParamDescriptorForKeyword(D.descriptorWithBoolean(true), code("skDU"));
    var error = Ref();
    var reply = event.sendEventWithOptionsTimeoutError(35, 3600, error);
    if (reply.isNil()) return { transport: error[0].code };
    var failed = reply.paramDescriptorForKeyword(code("errn"));
    if (!failed.isNil()) return { handler: failed.int32Value };
    var result = reply.paramDescriptorForKeyword(code("----"));
    return { isNil: result.isNil(), type: result.isNil() ? null : result.descriptorType === code("msng") };`;

  it("gets a refusal in the reply, or as NSError", () => {
    const { ask, photos } = faultyPhotos();
    expect(ask(raw, "/nowhere.png")).toEqual({ handler: -43 });
    photos.faults({ name: "raw-errors-as-nserror" });
    expect(ask(raw, "/nowhere.png")).toEqual({ transport: -43 });
  });

  it("has no result where nothing came in, or one of type msng", () => {
    const { ask, photos, media } = faultyPhotos();
    const note = media.write("note.txt", "hello");
    expect(ask(raw, note)).toEqual({ isNil: true, type: null });
    photos.faults({ name: "missing-result-as-msng" });
    expect(ask(raw, note)).toEqual({ isNil: false, type: true });
  });
});
