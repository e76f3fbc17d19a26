import type { ErrorCode } from "../../src/errors.js";
import type { PhoneFinder } from "../../src/phone/phone-watch.js";
import { openWhenReady } from "../../src/phone/wait-for-phone.js";
import { usbPhoneFinder } from "../../src/usb/detection/usb-phone-finder.js";
import { usbmuxAddress } from "../../src/usb/usbmux/usbmux-address.js";
import { UsbmuxClient } from "../../src/usb/usbmux/usbmux-client.js";
import { impostor } from "../../src/virtual/iphone/iphone-fault.js";
import type { VirtualPhoneState } from "../../src/virtual/iphone/phone-state.js";
import type { VirtualIPhone } from "../../src/virtual/iphone/virtual-iphone.js";
import { virtualUsbBus } from "../../src/virtual/iphone/virtual-usb-bus.js";
import { attached, ScriptedUsbmuxd } from "../usb/usbmux/scripted-usbmuxd.js";
import { done, type Place, type Played, type Remedy, type Told, type Trouble } from "./remedy.js";

const OTHER = "00008140-000000000000000B";

/** In this state it cannot be opened; somebody does what the remedy says, and it can. The system pairs, as a Mac does. */
function inState(state: VirtualPhoneState, says: RegExp, doIt: (phone: VirtualIPhone) => unknown): Played {
  return {
    state,
    async cause(table) {
      const phone = await table.plugIn({ state });
      return { attempt: () => opens(phone), says, doIt: () => doIt(phone) };
    },
  };
}

function opens(phone: VirtualIPhone): Promise<Told | null> {
  return done(async () => {
    const usbmux = new UsbmuxClient(usbmuxAddress(phone.address));
    await openedAtOnce(usbPhoneFinder(usbmux, virtualUsbBus([phone])));
  });
}

function replug(phone: VirtualIPhone): void {
  phone.detach();
  phone.attachAsPhonesDo();
}

/** usbmuxd has a phone that says nothing, until it is plugged in again. */
const silentPhone = (table: Place) =>
  untilReplugged(
    table,
    ({ MessageType }) =>
      MessageType === "ListDevices"
        ? { DeviceList: [attached(1, OTHER)] }
        : { MessageType: "Result", Number: MessageType === "Connect" ? 0 : 3 },
    /^Unlock it, unplug it, and plug it in again/,
  );

/** usbmuxd answers so, until the phone is plugged in again. */
async function untilReplugged(
  table: Place,
  answer: Parameters<typeof ScriptedUsbmuxd.start>[1],
  says: RegExp,
): Promise<Trouble> {
  const scripted = await ScriptedUsbmuxd.start(table.socketPath, answer);
  const usbmux = new UsbmuxClient({ path: table.socketPath });
  const attempt = () =>
    done(async () => {
      await openedAtOnce(usbPhoneFinder(usbmux, { phones: async () => null }, { probeTimeoutMs: 2_000 }));
    });
  return {
    attempt,
    says,
    doIt: async () => {
      await scripted[Symbol.asyncDispose]();
      await table.plugIn();
    },
  };
}

async function openedAtOnce(finder: PhoneFinder, wanted?: string): Promise<void> {
  const clock = { now: () => new Date(0), wait: async () => {} };
  const { phone } = await openWhenReady(finder, wanted, {
    waitMs: 0,
    clock,
    signal: new AbortController().signal,
    onWaiting: () => {},
  });
  await phone[Symbol.asyncDispose]();
}

const REPORTED_BY_OTHERS = (word: string) =>
  `the virtual phone never answers ${word}; what is said then is a row of test/usb/lockdown/trust.test.ts`;

export const PHONE_REMEDIES = {
  NO_PHONE: [inState("charging-only", /^Connect it with a cable/, (phone) => phone.setState("ready"))],
  PHONE_NOT_FOUND: [
    {
      state: "another name was given than the phone has",
      async cause(table) {
        const phone = await table.plugIn();
        const usbmux = new UsbmuxClient(usbmuxAddress(phone.address));
        const open = (name: string) =>
          done(() => openedAtOnce(usbPhoneFinder(usbmux, virtualUsbBus([phone])), name));
        return {
          attempt: () => open("Ben"),
          says: /^Give --phone one of these names/,
          instead: ({ message }) => open(/only (.*)\.$/.exec(message)![1]!),
        };
      },
    },
  ],
  SEVERAL_PHONES: [{ playedIn: "test/transcripts/trouble.test.ts", test: "--phone by name chooses" }],
  USBMUXD_ABSENT: [
    { playedIn: "test/usb/waiting-for-phone.test.ts", test: "outlasts a usbmuxd that is restarted" },
  ],
  USBMUXD_TROUBLE: [
    {
      state: "its answer is no list of phones",
      cause: (table) =>
        untilReplugged(table, () => ({ DeviceList: "none" }), /^Unplug the iPhone and plug it in again/),
    },
  ],
  PHONE_LOCKED: [
    inState("locked", /^Unlock it/, (phone) => phone.unlock()),
    inState("before-first-unlock", /^Unlock it with its passcode/, (phone) => phone.unlock()),
  ],
  PHONE_NOT_TRUSTED: [inState("not-trusted", /tap Trust/, (phone) => phone.tapTrust())],
  PHONE_TRUST_PENDING: [
    { playedIn: "test/usb/waiting-for-phone.test.ts", test: "the question stays until somebody taps Trust" },
  ],
  PHONE_TRUST_REFUSED: [
    { playedIn: "test/usb/waiting-for-phone.test.ts", test: "is left in peace until it is plugged in again" },
  ],
  PHONE_TRUST_LOST: [
    inState("trust-lost", /^Unplug it, plug it in again, unlock it, tap Trust/, async (phone) => {
      replug(phone);
      await phone.tapTrust();
    }),
  ],
  PHONE_NOT_PROVED: [
    {
      state: "another device is on the cable under its number",
      async cause(table) {
        const other = await table.plugIn({ faults: [impostor("no-tls")] });
        let present = other;
        return {
          attempt: () => opens(present),
          says: /^Unplug it\. If it is your iPhone: restart it, plug it in again, and unlock it\.$/,
          doIt: async () => {
            await other[Symbol.asyncDispose]();
            present = await table.plugIn();
          },
        };
      },
    },
  ],
  PHONE_CABLE_ONLY: [
    inState("not-allowed", /allow the accessory .* Then unplug it and plug it in again/, (phone) => {
      phone.allowAccessory();
      replug(phone);
    }),
  ],
  PHONE_NETWORK_ONLY: [
    inState("network-only", /^Connect it with a cable/, (phone) => phone.attachAsPhonesDo()),
  ],
  PHONE_BUSY: [inState("busy", /^Close other programs/, (phone) => phone.setBusy(false))],
  PHONE_SILENT: [
    {
      state: "usbmuxd lists it, and it does not answer",
      cause: silentPhone,
    },
  ],
  PHONE_REFUSED: [{ cannotBePlayedHere: REPORTED_BY_OTHERS("ServiceProhibited or MCProtected") }],
  PHONE_GONE: [
    {
      playedIn: "test/transcripts/trouble.test.ts",
      test: "unplugged in the middle: status 5, and the next run goes on",
    },
  ],
  PHONE_PROTOCOL: [
    { cannotBePlayedHere: "no phone was seen to; test/usb feeds wrong bytes, and another plug-in asks anew" },
  ],
  PHONE_LIBRARY_UNREADABLE: [
    {
      playedIn: "test/run/without-phone-library.test.ts",
      test: "without the phone's library a copy takes the files",
    },
  ],
  PHONE_NOT_APPROVED: [{ playedIn: "test/run/impostor.test.ts", test: "works again once a person imports" }],
} satisfies Partial<Record<ErrorCode, readonly Remedy[]>>;
