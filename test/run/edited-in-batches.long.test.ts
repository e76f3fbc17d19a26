import { test } from "vitest";
import { expectFewEvents } from "./edited-photos.js";

test("1,000 photos, all edited, cost at most 250 Apple events, and the next 1,000 at most 150", async () => {
  await expectFewEvents({ every: 1, first: 250, later: 150 });
}, 600_000);
