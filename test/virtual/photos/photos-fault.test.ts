import { describe, expect, it } from "vitest";
import { photosFixture } from "./photos-fixture.js";

const importOne = "return P.import([Path(input)], {skipCheckDuplicates: true})";

describe("a Photos with a fault", () => {
  it("refuses every event with -1743, though asking whether it runs still works", () => {
    const { script, photos } = photosFixture();
    photos.faults({ name: "refuses-events" });
    expect(script("return P.version()")).toMatchObject({ number: -1743 });
    expect(script("return P.running()")).toBe(true);
  });

  it("times out on an import whose items are there at once", () => {
    const { script, photos, media, time } = photosFixture();
    photos.faults({ name: "import-times-out", lateByMs: 0 });
    const before = time.now().getTime();
    expect(script(importOne, media.png("IMG_0001.PNG"))).toMatchObject({ number: -1712 });
    expect(time.now().getTime() - before).toBe(60_000);
    expect(script("return P.mediaItems.length")).toBe(1);
  });

  it("times out on an import whose items come later", () => {
    const { script, photos, media } = photosFixture();
    photos.faults({ name: "import-times-out", lateByMs: 30_000 });
    expect(script(importOne, media.png("IMG_0001.PNG"))).toMatchObject({ number: -1712 });
    expect(script("return P.mediaItems.length")).toBe(0);
    expect(script("delay(31); return P.mediaItems.length")).toBe(1);
  });

  it("never does what it had not done when it ends", () => {
    const { script, photos, media } = photosFixture();
    photos.faults({ name: "import-times-out", lateByMs: 30_000 });
    script(importOne, media.png("IMG_0001.PNG"));
    photos.end();
    expect(script("delay(60); return P.mediaItems.length")).toBe(0);
  });

  it("imports and returns nothing", () => {
    const { script, photos, media } = photosFixture();
    photos.faults({ name: "import-returns-nothing" });
    expect(script(importOne, media.png("IMG_0001.PNG"))).toBeNull();
    expect(script("return P.mediaItems.length")).toBe(1);
  });

  it.each([
    ["make-returns-nothing" as const, null],
    ["make-fails-though-made" as const, { number: -1700, message: "Can't convert types." }],
  ])("%s: the album is there all the same", (name, expected) => {
    const { script, photos } = photosFixture();
    photos.faults({ name });
    expect(script("return P.make({new: 'album', named: 'x'})")).toEqual(expected);
    expect(script("return P.albums.name()")).toEqual(["x"]);
  });

  it("drops items from the first add and from no later one, and behaves again when told so", () => {
    const { script, photos, media } = photosFixture();
    const paths = [media.png("a.png"), media.png("b.png"), media.png("c.png")];
    script(
      `P.make({new: "album", named: "x"});
       P.import(input.map(function (p) { return Path(p); }), {skipCheckDuplicates: true})`,
      paths,
    );
    photos.faults({ name: "add-drops-some" });
    const add = "P.add(P.mediaItems(), {to: P.albums[0]}); return P.albums[0].mediaItems.filename()";
    expect(script(add)).toEqual(["a.png", "c.png"]);
    expect(script(add)).toEqual(["a.png", "c.png", "b.png"]);
    photos.faults({ name: "refuses-events" });
    photos.faults(null);
    expect(script("return P.mediaItems.length")).toBe(3);
  });
});
