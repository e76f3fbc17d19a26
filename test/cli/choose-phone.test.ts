import { expect, test } from "vitest";
import { inCommandWords } from "../../src/cli/terminal/command-words.js";
import type { RollcallError } from "../../src/errors.js";
import { choosePhone } from "../../src/phone/choose-phone.js";
import { calledPhone, modelName } from "../../src/phone/phone-models.js";
import type { PhoneState, SeenPhone } from "../../src/phone/phone-watch.js";

function seen(name: string, udid: string, state: PhoneState = "ready"): SeenPhone {
  const reason =
    state === "ready"
      ? null
      : { code: "PHONE_LOCKED" as const, message: `${name} is ${state}.`, remedy: "Unlock it." };
  return {
    udid,
    identity: { udid, name, productType: "iPhone16,1", iosVersion: "18.5" },
    state,
    reason,
    cableBitsPerSecond: null,
    seenBy: { usb: true, usbmuxd: true },
  };
}

const anna = seen("Anna\u2019s iPhone", "00008140-000C0FFEE0DDF00D");
const ben = seen("Ben's iPhone", "a".repeat(40));
const codeOf = (choose: () => unknown) => {
  try {
    choose();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return "none";
};

test("the only phone is taken without a word", () => {
  expect(choosePhone([anna]).udid).toBe(anna.udid);
});

test("a ready phone is taken although a locked one lies beside it", () => {
  expect(choosePhone([seen("Cy", "b".repeat(40), "locked"), anna]).udid).toBe(anna.udid);
});

test.each(["00008140-000C0FFEE0DDF00D", "00008140000c0ffee0ddf00d", "anna's iphone", "Anna\u2019s iPhone"])(
  "--phone %j names Anna's",
  (wanted) => {
    expect(choosePhone([ben, anna], wanted).udid).toBe(anna.udid);
  },
);

test("several, none, another, locked and not trusted ones are each told apart", () => {
  expect(codeOf(() => choosePhone([anna, ben]))).toBe("SEVERAL_PHONES");
  expect(codeOf(() => choosePhone([]))).toBe("NO_PHONE");
  expect(codeOf(() => choosePhone([], "Anna"))).toBe("NO_PHONE");
  expect(codeOf(() => choosePhone([anna], "Cy"))).toBe("PHONE_NOT_FOUND");
  expect(codeOf(() => choosePhone([seen("Cy", "c".repeat(40), "locked")]))).toBe("PHONE_LOCKED");
  expect(codeOf(() => choosePhone([seen("Cy", "c".repeat(40), "not-trusted")]))).toBe("PHONE_NOT_TRUSTED");
  expect(codeOf(() => choosePhone([seen("Cy", "c".repeat(40), "cable-only")]))).toBe("PHONE_CABLE_ONLY");
  expect(codeOf(() => choosePhone([seen("Cy", "c".repeat(40), "trouble")]))).toBe("PHONE_REFUSED");
});

test("a name that none has is told to be a UDID where the names that are there are alike", () => {
  const alike = [seen("iPhone", "1".repeat(40)), seen("iPhone", "2".repeat(40))];
  const remedyOf = (phones: readonly SeenPhone[]) => {
    try {
      choosePhone(phones, "Cy");
    } catch (error) {
      return inCommandWords((error as RollcallError).remedy);
    }
    return "";
  };
  expect(remedyOf(alike)).toMatch(/^Give --phone the UDID/);
  expect(remedyOf([anna, ben])).toMatch(/^Give --phone one of these names/);
});

test("a name that none has is told with the names that are there, so that a slip is seen while it waits", () => {
  expect(() => choosePhone([anna, ben], "Bne")).toThrow(
    'There is no iPhone called "Bne" on the cable, only Anna\u2019s iPhone and Ben\'s iPhone.',
  );
});

test.each([
  ["anna", anna],
  ["ANNA\u2019S", anna],
  ["00008140-0", anna],
  ["aaaaaaaa", ben],
])("--phone %j is a beginning of one phone's name or UDID", (wanted, meant) => {
  expect(choosePhone([ben, anna], wanted).udid).toBe(meant.udid);
});

test.each(["Ann", "iphone", "0000", ""])("--phone %j is no beginning that tells a phone", (wanted) => {
  const other = seen("iPhone 2", "d".repeat(40));
  expect(codeOf(() => choosePhone([other, seen("Annabel", "e".repeat(40)), anna], wanted))).toBe(
    "PHONE_NOT_FOUND",
  );
});

test("a whole name goes before the beginning of another", () => {
  const first = seen("Anna", "1".repeat(40));
  expect(choosePhone([anna, first], "anna").udid).toBe(first.udid);
});

const NAMES = ["iPhone", "iPhone", "iPhone 2", "Anna", "Anna\u2019s iPhone", "anna's iphone", "", " ", 'Q"'];

test("each remedy for several phones chooses the phone that it stands for, whatever they are called", () => {
  for (let mask = 3; mask < 1 << NAMES.length; mask += 1) {
    const here = NAMES.flatMap((name, at) =>
      mask & (1 << at) ? [seen(name, `00008140-00${at}0C0FFEE0DF00D`)] : [],
    );
    if (here.length < 2) continue;
    const error = (() => {
      try {
        return choosePhone(here);
      } catch (thrown) {
        return thrown as RollcallError;
      }
    })() as RollcallError;
    expect(error.code).toBe("SEVERAL_PHONES");
    const told = [...inCommandWords(error.remedy).matchAll(/--phone ("(?:[^"\\]|\\.)*")/g)].map(([, text]) =>
      JSON.parse(text!),
    );
    expect(told.map((wanted) => choosePhone(here, wanted).udid)).toEqual(here.map(({ udid }) => udid));
  }
});

test("a phone without a name is called by its model, and one of an unknown model by its type", () => {
  expect(calledPhone({ name: "", productType: "iPhone17,3" })).toBe("an iPhone 16");
  expect(calledPhone({ name: " ", productType: "iPhone99,1" })).toBe("an iPhone99,1");
  expect(calledPhone({ name: "", productType: "" })).toBe("an iPhone");
  expect(modelName("constructor")).toBe("constructor");
});
