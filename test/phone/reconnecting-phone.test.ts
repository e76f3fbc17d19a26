import { describe, expect, test } from "vitest";
import { RollcallError } from "../../src/errors.js";
import type { PhoneFile } from "../../src/phone/phone.js";
import { ReconnectingPhone } from "../../src/phone/reconnecting-phone.js";
import { MemoryPhone, type MemoryPhoneRequest } from "../../src/virtual/iphone/memory-phone.js";

const gone = () => new RollcallError("PHONE_GONE", { message: "Gone.", remedy: "Plug it in." });
const contents = new Map(
  ["a", "b", "c", "d", "e", "f"].map((name, at) => [
    `/DCIM/${name}`,
    Uint8Array.from({ length: 20 + at }, (_, byte) => byte * (at + 1)),
  ]),
);

/** The same phone each time it is opened; `onRequest` breaks what it likes. */
function steady(onRequest: (request: MemoryPhoneRequest, opened: number) => void) {
  let opened = 0;
  const open = () => {
    opened += 1;
    const mine = opened;
    const files = [...contents].map(([path, bytes]) => [path, { bytes }] as const);
    return new MemoryPhone(files, { chunkBytes: 8, onRequest: (request) => onRequest(request, mine) });
  };
  const phone = new ReconnectingPhone(open(), async () => open());
  return { phone, openings: () => opened };
}

const described = (path: string): PhoneFile => ({
  path,
  sizeBytes: contents.get(path)!.length,
  modifiedAtMs: 0,
  bornAtMs: null,
});

async function bytesOf(phone: ReconnectingPhone, path: string, expected = described(path)) {
  const bytes: number[] = [];
  for await (const chunk of phone.read(path, { expected })) bytes.push(...chunk);
  return bytes;
}

describe("where the way to the phone breaks", () => {
  test("at any request, reading, listing and describing go on, and each byte and name comes once", async () => {
    for (let at = 1; at <= 30; at += 1) {
      let requests = 0;
      const { phone } = steady(() => {
        requests += 1;
        if (requests === at) throw gone();
      });
      const listed: string[] = [];
      for await (const entry of phone.list("/DCIM")) if (entry.type === "file") listed.push(entry.file.path);
      expect(listed).toEqual([...contents.keys()]);
      expect(await phone.describe("/DCIM/a")).toEqual(described("/DCIM/a"));
      const read = await Promise.all([...contents.keys()].map((path) => bytesOf(phone, path)));
      expect(read).toEqual([...contents.values()].map((bytes) => [...bytes]));
      await phone[Symbol.asyncDispose]();
    }
  });

  test("at any request, pieces of a file go on with the one after the last, and each comes once", async () => {
    const pieces = Array.from({ length: 12 }, (_, index) => ({ offset: 20 - index, sizeBytes: 1 + index }));
    const whole = contents.get("/DCIM/a")!;
    for (let at = 1; at <= pieces.length + 1; at += 1) {
      let requests = 0;
      const { phone, openings } = steady(() => {
        requests += 1;
        if (requests === at) throw gone();
      });
      const given: number[][] = [];
      for await (const chunk of phone.readPieces("/DCIM/a", pieces)) given.push([...chunk]);
      expect(given).toEqual(
        pieces.map(({ offset, sizeBytes }) => [...whole.subarray(offset, offset + sizeBytes)]),
      );
      expect(openings()).toBe(2);
      await phone[Symbol.asyncDispose]();
    }
  });

  test("a file at whose pieces it breaks each time is that file's trouble", async () => {
    const { phone } = steady(({ what, path }) => {
      if (what === "chunk" && path === "/DCIM/b") throw gone();
    });
    const reading = async () => {
      for await (const _ of phone.readPieces("/DCIM/b", [{ offset: 0, sizeBytes: 1 }]));
    };
    await expect(reading()).rejects.toMatchObject({ reason: { code: "FILE_BREAKS_CONNECTION" } });
    await phone[Symbol.asyncDispose]();
  });

  test("it is opened once for all who were reading", async () => {
    const { phone, openings } = steady((request, opened) => {
      if (opened === 1 && request.what === "chunk") throw gone();
    });
    await Promise.all([...contents.keys()].map((path) => bytesOf(phone, path)));
    expect(openings()).toBe(2);
  });

  test("a file that breaks it each time is refused alone; the others come", async () => {
    const { phone } = steady((request) => {
      if (request.what === "chunk" && request.path === "/DCIM/c" && request.offset === 8) throw gone();
    });
    const read = await Promise.allSettled([...contents.keys()].map((path) => bytesOf(phone, path)));
    expect(read.map(({ status }) => status)).toEqual([
      "fulfilled",
      "fulfilled",
      "rejected",
      ...["fulfilled", "fulfilled", "fulfilled"],
    ]);
    expect(read[2]).toMatchObject({
      reason: { path: "/DCIM/c", reason: { code: "FILE_BREAKS_CONNECTION" } },
    });
  });

  test("a phone that breaks at everything ends with the break, and is not opened for ever", async () => {
    const { phone, openings } = steady(() => {
      throw gone();
    });
    await expect(bytesOf(phone, "/DCIM/a")).rejects.toMatchObject({ code: "PHONE_GONE" });
    await expect(phone.describe("/DCIM/a")).rejects.toMatchObject({ code: "PHONE_GONE" });
    expect(openings()).toBeLessThan(20);
  });

  test("a file that nobody can recognise again is not put together from two readings", async () => {
    const { phone } = steady((request, opened) => {
      if (opened === 1 && request.what === "chunk" && request.offset === 8) throw gone();
    });
    const reading = (async () => {
      for await (const chunk of phone.read("/DCIM/a")) expect(chunk.length).toBe(8);
    })();
    await expect(reading).rejects.toMatchObject({ code: "PHONE_GONE" });
  });

  test("where it cannot be opened again, all who read hear why, and so does whoever asks later", async () => {
    const files = [...contents].map(([path, bytes]) => [path, { bytes }] as const);
    const first = new MemoryPhone(files, {
      onRequest: () => {
        throw gone();
      },
    });
    const why = new RollcallError("PHONE_LOCKED", { message: "Locked.", remedy: "Unlock it." });
    let asked = 0;
    const phone = new ReconnectingPhone(first, async () => {
      asked += 1;
      throw why;
    });
    const outcomes = await Promise.allSettled([phone.describe("/DCIM/a"), bytesOf(phone, "/DCIM/b")]);
    expect(outcomes.map((one) => one.status === "rejected" && one.reason)).toEqual([why, why]);
    await expect(phone.describe("/DCIM/c")).rejects.toBe(why);
    expect(asked).toBe(1);
  });

  test("a run that ends for another reason does not wait for it", async () => {
    const first = new MemoryPhone([], {
      onRequest: () => {
        throw gone();
      },
    });
    let hasEnded = false;
    const phone = new ReconnectingPhone(
      first,
      (_, ending) =>
        new Promise((_resolve, reject) => {
          ending.addEventListener("abort", () => {
            hasEnded = true;
            reject(new Error("ended"));
          });
        }),
    );
    const asking = phone.describe("/DCIM/a");
    const outcome = expect(asking).rejects.toThrow("ended");
    await phone.whenAway();
    await phone[Symbol.asyncDispose]();
    await outcome;
    expect(hasEnded).toBe(true);
  });

  test("a stop ends the wait for it at once", async () => {
    const stop = new AbortController();
    const files = [...contents].map(([path, bytes]) => [path, { bytes }] as const);
    const first = new MemoryPhone(files, {
      onRequest: () => {
        throw gone();
      },
    });
    const phone = new ReconnectingPhone(first, () => new Promise(() => stop.abort()));
    await expect(phone.describe("/DCIM/a", stop.signal)).rejects.toMatchObject({ code: "STOPPED" });
  });
});
