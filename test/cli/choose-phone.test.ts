import { expect, test } from "vitest";
import { choosePhone } from "../../src/phone/choose-phone.js";
import type { PhoneState, SeenPhone } from "../../src/phone/phone-watch.js";

function seen(name: string, udid: string, state: PhoneState = "ready"): SeenPhone {
  const reason =
    state === "ready" ? null : { code: "X", message: `${name} is ${state}.`, remedy: "Unlock it." };
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

test("a name that none has is told with the names that are there, so that a slip is seen while it waits", () => {
  expect(() => choosePhone([anna, ben], "Bne")).toThrow(
    'There is no iPhone called "Bne" on the cable, only Anna\u2019s iPhone and Ben\'s iPhone.',
  );
});
