import { describe, expect, it } from "vitest";
import { badNames } from "../../run/bad-names.js";
import { photosFixture } from "./photos-fixture.js";

/** The import event built by hand, so that it can carry its own timeout. */
const rawImport = `ObjC.import("Foundation");
  var D = $.NSAppleEventDescriptor;
  var code = function (text) { return text.split("").reduce(function (sum, c) { return sum * 256 + c.charCodeAt(0); }, 0); };
  var event = D.appleEventWithEventClassEventIDTargetDescriptorReturnIDTransactionID(
    code("IPXS"), code("impo"), D.descriptorWithBundleIdentifier("com.apple.Photos"), -1, 0);
  var files = D.listDescriptor;
  input.paths.forEach(function (path) {
    files.insertDescriptorAtIndex(D.descriptorWithFileURL($.NSURL.fileURLWithPath(path)), 0);
  });
  event.setParamDescriptorForKeyword(files, code("----"));
  event.setParamDescriptorForKeyword(D.descriptorWithBoolean(true), code("skDU"));
  if (input.album) {
    var album = D.recordDescriptor;
    album.setDescriptorForKeyword(D.descriptorWithTypeCode(code("IPal")), code("want"));
    album.setDescriptorForKeyword(D.nullDescriptor, code("from"));
    album.setDescriptorForKeyword(D.descriptorWithEnumCode(code("ID  ")), code("form"));
    album.setDescriptorForKeyword(D.descriptorWithString(input.album), code("seld"));
    event.setParamDescriptorForKeyword(album.coerceToDescriptorType(code("obj ")), code("toAl"));
  }
  var error = Ref();
  var reply = event.sendEventWithOptionsTimeoutError(input.options || 35, input.seconds, error);
  if (reply.isNil()) return { transport: error[0].code };
  var failed = reply.paramDescriptorForKeyword(code("errn"));
  if (!failed.isNil()) return { handler: failed.int32Value };
  var result = reply.paramDescriptorForKeyword(code("----"));
  var ids = [];
  for (var i = 1; !result.isNil() && i <= result.numberOfItems; i++) {
    ids.push(result.descriptorAtIndex(i).descriptorForKeyword(code("seld")).stringValue.js);
  }
  return { ids: ids };`;

describe("an import event built by hand", () => {
  it("imports the files into the album and answers with their ids", () => {
    const { script, media, photos } = photosFixture();
    const album = script("P.make({new: 'album', named: 'Trip'}); return P.albums[0].id()");
    const paths = [media.png("a.png"), media.png("b.png")];
    const { ids } = script(rawImport, { paths, album, seconds: 3600 }) as { ids: string[] };
    expect(ids).toHaveLength(2);
    expect(script("return P.albums[0].mediaItems.id()")).toEqual(ids);
    expect(photos.counters().events.import).toBe(1);
  });

  it("imports nothing and says nothing with other send options: Photos may not read the files", () => {
    const { script, media, photos } = photosFixture();
    for (const options of [3, 3 + 16, 3 + 48, 35 + 0x1_0000]) {
      const paths = [media.png(`${options}.png`)];
      expect(script(rawImport, { paths, options, seconds: 60 })).toEqual({ ids: [] });
    }
    expect(script("return P.mediaItems.length")).toBe(0);
    expect(photos.counters().events.import).toBe(4);
  });

  it("gets no reply, and no refusal, where its send options want none", () => {
    const { script, media } = photosFixture();
    for (const options of [33, 34])
      expect(
        script(rawImport, { paths: ["/nowhere.png", media.png("a.png")], options, seconds: 60 }),
      ).toEqual({
        ids: [],
      });
    const album = script("P.make({new: 'album', named: 'Trip'}); return P.albums[0].id()");
    expect(script(rawImport, { paths: [], album, options: 33, seconds: 60 })).toEqual({ ids: [] });
  });

  it("imports files whatever their names hold", () => {
    const { script, media } = photosFixture();
    const names = badNames.filter((name) => name.length < 200).map((name) => name.replace(/JPG$/, "png"));
    const paths = names.map((name) => media.png(name));
    expect(script(rawImport, { paths, seconds: 3600 })).toMatchObject({ ids: { length: names.length } });
    expect((script("return P.mediaItems.filename()") as string[]).sort()).toEqual([...names].sort());
  });

  it("waits as long as it says", () => {
    const { script, media, photos, time } = photosFixture();
    photos.faults({ name: "import-times-out", lateByMs: 0 });
    const before = time.now().getTime();
    expect(script(rawImport, { paths: [media.png("a.png")], seconds: 3600 })).toEqual({ transport: -1712 });
    expect(time.now().getTime() - before).toBe(3_600_000);
  });

  it("gets a refusal of Photos inside the reply", () => {
    const { script, media } = photosFixture();
    expect(script(rawImport, { paths: ["/nowhere.png"], seconds: 60 })).toEqual({ handler: -43 });
    expect(script(rawImport, { paths: [media.png("a.png")], album: "X/L0/040", seconds: 60 })).toEqual({
      handler: -1728,
    });
  });

  it("has no result when nothing came in", () => {
    const { script, media } = photosFixture();
    expect(script(rawImport, { paths: [media.write("a.txt", "text")], seconds: 60 })).toEqual({ ids: [] });
  });
});
