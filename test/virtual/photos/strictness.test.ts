import { describe, expect, it } from "vitest";
import { photosFixture } from "./photos-fixture.js";

/** A library with one album "Trip" of two items, "Sea.jpg" and "Hill.jpg", and an album "Empty". */
function furnished() {
  const fixture = photosFixture();
  const paths = [fixture.media.jpeg("Sea.jpg"), fixture.media.jpeg("Hill.jpg")];
  fixture.script(
    `P.make({new: "album", named: "Trip"}); P.make({new: "album", named: "Empty"});
     P.import(input.map(function (p) { return Path(p); }),
       {skipCheckDuplicates: true, into: P.albums.byName("Trip")});`,
    paths,
  );
  return fixture;
}

describe("the virtual Photos answers a script as Photos would", () => {
  it.each([
    ["return P.version()", "11.0"],
    ["return P.name()", "Photos"],
    ["return P.running()", true],
    ["return P.mediaItems.length", 2],
    ["return P.albums.length", 2],
    ["return P.albums.name()", ["Trip", "Empty"]],
    ["return P.albums[0].mediaItems.filename()", ["Sea.jpg", "Hill.jpg"]],
    ["return P.albums.whose({name: 'Trip'})().length", 1],
    ["return P.albums.whose({name: 'trip'})().length", 1],
    ["return P.albums.whose({name: 'Nowhere'})()", []],
    ["return P.albums.whose({name: {_beginsWith: 'Em'}})[0].name()", "Empty"],
    ["return typeof P.albums", "function"],
    ["return typeof P.mediaItems.byId('nowhere').filename", "function"],
    ["return 'anything' in P.albums", true],
    ["return typeof JSON.stringify(P.albums)", "undefined"],
    ["return P.albums.byName('Empty').mediaItems.id()", []],
    ["return P.albums.byName('Empty').exists()", true],
    ["return P.albums.byName('Nowhere').exists()", false],
    ["return P.mediaItems[0].name()", null],
    ["return P.mediaItems[0].keywords()", null],
    ["return P.mediaItems[0].location()", [null, null]],
    ["return P.mediaItems[0].date() instanceof Date", true],
    ["return /^[0-9A-F-]{36}.L0.001$/.test(P.mediaItems[0].id())", true],
    ["return /^[0-9A-F-]{36}.L0.040$/.test(P.albums[0].id())", true],
    ["return P.mediaItems.byId(P.mediaItems[1].id().slice(0, 36)).filename()", "Hill.jpg"],
    [
      "return Automation.getDisplayString(P.mediaItems.byId('A/L0/001'))",
      'Application("Photos").mediaItems.byId("A/L0/001")',
    ],
    ["return Path('/a b').toString()", "/a b"],
    ["return P.selection()", []],
    ["P.albums[0].name = 'Renamed'; return P.albums.name()", ["Renamed", "Empty"]],
    ["P.make({new: 'album', named: 'Trip'}); return P.albums.whose({name: 'Trip'})().length", 2],
    ["P.delete(P.albums.byName('Trip')); return [P.albums.name(), P.mediaItems.length]", [["Empty"], 2]],
    [
      "var f = P.make({new: 'folder', named: 'F'}); P.make({new: 'album', named: 'Deep', at: f});" +
        "return [P.albums.name(), P.folders[0].albums.name()]",
      [["Trip", "Empty"], ["Deep"]],
    ],
    ["var a = P.albums[0]; P.add(a.mediaItems(), {to: a}); return a.mediaItems.length", 2],
    ["P.quit(); return P.running()", false],
    [
      "var f = P.make({new: 'folder', named: 'F'}); P.make({new: 'album', named: 'Deep', at: f}); return P.albums.byId(f.albums[0].id()).name()",
      "Deep",
    ],
    ["return P.containers.name()", ["Favorites", "Trip", "Empty"]],
    ["P.mediaItems[1].favorite = true; return P.containers[0].mediaItems.filename()", ["Hill.jpg"]],
    ["P.quit(); P.launch(); return P.running()", true],
    ["P.quit(); P.version(); return P.running()", true],
  ])("%s", (body, expected) => {
    expect(furnished().script(body)).toEqual(expected);
  });
});

describe("the virtual Photos refuses what Photos would refuse", () => {
  it.each([
    ["P.flavour()", -1728, "an unknown property of the application"],
    ["P.mediaItems[0].flavour()", -1728, "an unknown property of an item"],
    ["P.albums[0].filename()", -1728, "an item's property on an album"],
    ["P.mediaItems[0].mediaItems()", -1728, "elements that a class does not have"],
    ["P.lastImportAlbum()", -1728, "the hidden last import album"],
    ["P.albums[0].parent()", -1728, "the parent of a top-level album"],
    ["P.albums.byName('Nowhere').id()", -1728, "an album that is not there"],
    ["P.albums.byId('nowhere/L0/040').name()", -1728, "an id that is not there"],
    ["P.albums.byId(P.albums[0].id().slice(0, 36)).name()", -1728, "an album by its bare UUID"],
    ["P.mediaItems.byId(P.albums[0].id()).filename()", -1728, "an album's id for an item"],
    [
      "P.albums.byName('Empty').mediaItems.byId(P.mediaItems[0].id()).id()",
      -1728,
      "an item that another album holds",
    ],
    ["P.albums[9].name()", -1719, "an index beyond the end"],
    ["P.frobnicate([1])", -1708, "an unknown command"],
    ["P.albums.map(function (a) { return a; })", -1708, "an array's method on a specifier"],
    ["P.albums[0].name.set('x')", -1708, "set as a method"],
    ["P.import([Path('/x')], {quietly: true})", -1708, "an unknown parameter"],
    [
      "P.make({new: 'album', withProperties: {name: 'x'}})",
      -1708,
      "properties where the dictionary has none",
    ],
    ["P.albums.whose({name: {_resembles: 'x'}})()", -1708, "an unknown comparison"],
    ["P.albums.whose(function (a) { return true; })()", -1700, "a function for a test"],
    ["P.albums.whose({})()", -1700, "a test that says nothing"],
    ["P.albums.whose({name: {}})()", -1700, "a comparison that says nothing"],
    ["P.albums.byName('Empty').mediaItems.whose({})()", -1700, "the same, where nothing is to be tried"],
    [
      `var f = P.make({new: 'folder', named: 'F'}); P.make({new: 'album', named: 'Deep', at: f});
       var id = f.albums[0].id(); P.delete(f); P.albums.byId(id).name()`,
      -1728,
      "an album in a deleted folder",
    ],
    [
      `var f = P.make({new: 'folder', named: 'F'}); P.make({new: 'folder', named: 'G', at: f});
       P.make({new: 'album', named: 'Deep', at: f.folders[0]});
       var id = f.folders[0].albums[0].id(); P.delete(f); P.albums.byId(id).mediaItems.id()`,
      -1728,
      "an album two folders deep in a deleted one",
    ],
    ["P.import(['/x'], {skipCheckDuplicates: true})", -1700, "text in place of a Path"],
    ["P.import([Path('/x')], {skipCheckDuplicates: 'yes'})", -1700, "text in place of a boolean"],
    ["P.import([Path('/x')], {into: 'Trip'})", -1700, "an album's name in place of the album"],
    ["P.make({new: 'smart album', named: 'x'})", -1700, "a class that cannot be made"],
    ["P.make({new: 'mediaItem'})", -1700, "an item that cannot be made"],
    ["P.delete(P.mediaItems[0])", -1700, "deleting a photo"],
    ["P.add(P.albums(), {to: P.albums[0]})", -1700, "an album among the items"],
    ["P.albums[0].name = 7", -1700, "a number for a name"],
    ["P.make({named: 'x'})", -1701, "make without new"],
    ["P.add(P.mediaItems())", -1701, "add without an album"],
    ["P.mediaItems[0].filename = 'x.jpg'", -10003, "a read-only property"],
    [
      "P.import([Path('/nowhere/IMG_0001.JPG')], {skipCheckDuplicates: true})",
      -43,
      "a file that is not there",
    ],
    ["P.import([Path('relative.jpg')], {skipCheckDuplicates: true})", -43, "a relative path"],
  ])("%s: %i (%s)", (body, number) => {
    expect(furnished().script(body)).toMatchObject({ number });
  });

  it("lets a script's own mistakes be ordinary errors without a number", () => {
    expect(photosFixture().script("nowhere()")).toMatchObject({ number: null });
    expect(photosFixture().script("Application('Finder')")).toMatchObject({ number: -2700 });
  });
});

describe("a script's world", () => {
  it("has JXA's globals and nothing of Node or of a JavaScript shell", () => {
    const body = `return [typeof Application, typeof Path, typeof ObjC, typeof $, typeof delay, typeof console.log,
      typeof console.error, typeof require, typeof process, typeof setTimeout, typeof URL, typeof Buffer, typeof print]`;
    const [application, path, objC, dollar, delay, log, ...absent] = photosFixture().script(body) as string[];
    expect([application, path, objC, dollar, delay, log]).toEqual([
      "function",
      "function",
      "object",
      "function",
      "function",
      "function",
    ]);
    expect(new Set(absent)).toEqual(new Set(["undefined"]));
  });

  it("reads a text file through Foundation, and a file that is not there is a truthy nil", () => {
    const { script, media } = photosFixture();
    const path = media.write("input.json", '{"name":"Grüße"}');
    const body = `ObjC.import("Foundation");
      var text = $.NSString.stringWithContentsOfFileEncodingError(input, $.NSUTF8StringEncoding, null);
      var none = $.NSString.stringWithContentsOfFileEncodingError(input + "x", $.NSUTF8StringEncoding, null);
      return [text.isNil(), text.js, ObjC.unwrap(text), none.isNil(), !!none]`;
    expect(script(body, path)).toEqual([false, '{"name":"Grüße"}', '{"name":"Grüße"}', true, true]);
  });

  it("tells Photos' pid and start without an Apple event, once AppKit is imported", () => {
    const { script, photos, time } = photosFixture();
    const body = `var early = typeof $.NSRunningApplication; ObjC.import("AppKit");
      var found = $.NSRunningApplication.runningApplicationsWithBundleIdentifier("com.apple.Photos");
      if (Number(found.count) === 0) return [early, found.count];
      var one = found.objectAtIndex(0);
      return [early, found.count, one.processIdentifier, one.launchDate.timeIntervalSince1970]`;
    expect(script(body)).toEqual(["undefined", "0"]);
    photos.launch();
    const seconds = time.now().getTime() / 1000;
    expect(script(body)).toEqual(["undefined", "1", photos.running()?.pid, seconds]);
    expect(photos.counters().total).toBe(0);
  });

  it("lets delay pass the time of the virtual clock", () => {
    const { script, time } = photosFixture();
    const before = time.now().getTime();
    script("delay(2.5); delay()");
    expect(time.now().getTime() - before).toBe(3500);
  });
});

describe("events are counted as they pass", () => {
  it("counts each fetch once and reading on not at all", () => {
    const { script, photos } = furnished();
    photos.resetCounters();
    script("var a = P.albums.byName('Trip'); a.mediaItems.filename; a.mediaItems.id(); a.mediaItems.length");
    expect(photos.counters()).toEqual({ events: { count: 1, get: 1 }, total: 2, valuesReturned: 3 });
  });
});
