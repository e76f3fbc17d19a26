import { rmSync } from "node:fs";
import { test } from "vitest";
import { Desk } from "../run/one-desk.js";
import { phoneWith, richRoll } from "../run/small-phones.js";
import { summaryLines } from "../../src/cli/output/summary-lines.js";
const inPairs = { withoutPhoneLibrary: true, batchLimits: { items: 2, bytes: 1e9 } } as const;
const cases: any[] = [
 [[{name:"hides-burst-frames"}], null],
 [[{ name: "import-drops-some", share: 1, times: 1 }], null],
 [[{ name: "import-drops-some", share: 1, times: 1 }, {name:"empty-album-fails"}], null],
 [[], "IMG_0001.JPG"], [[{name:"vanished-file-spares-others"}], "IMG_0001.JPG"],
 [[{name:"vanished-file-spares-others"}], "IMG_0004.JPG"], [[{name:"vanished-file-spares-others"},{name:"lonely-aae-spares-others"}], "IMG_0004.JPG"],
 ...["capitals","other-ending","absent"].map(as => [[{name:"file-names-differ", as}], null]),
];
test("x", async () => {
  for (const [how, name] of cases) {
    using desk = new Desk();
    const whole = desk.runScript; let lost = false;
    desk.runScript = (script, input: any, options) => {
      const path = input?.paths?.find?.((p: string) => p.endsWith("/" + name));
      if (path && !lost) { rmSync(path); lost = true; }
      return whole(script, input, options);
    };
    desk.photos.misbehave(how);
    console.log("=====", JSON.stringify(how), name);
    try {
    const f = await desk.import(phoneWith(richRoll), inPairs);
    const all = [...f.answers()];
    console.log(all.filter(a => a.answer !== "proved").map(a => `${a.path} ${a.answer} ${a.reason?.code} ${a.reason?.message}`).join("\n"));
    console.log(desk.photos.firstStrikes(), JSON.stringify(desk.photos.counters().events), JSON.stringify(desk.albums()));
    console.log(summaryLines(f.head, all, null).slice(-3).join("\n"));
    } catch (e) { console.log(String(e), (e as any).why, (e as any).remedy); }
  }
});
