import type {
  ExamineParts,
  PhotosToExamine,
  RunsElsewhere,
  SetUpsToExamine,
} from "../../src/doctor/examine-parts.js";
import type { PhoneState, SeenPhone } from "../../src/phone/phone-watch.js";

/** A Mac on which nothing is wrong, and what is otherwise on it. */
export function goodParts(
  otherwise: {
    readonly mac?: Partial<ExamineParts["mac"]>;
    readonly photos?: Partial<PhotosToExamine> | null;
    readonly data?: Partial<ExamineParts["data"]>;
    readonly cable?: Partial<ExamineParts["cable"]>;
    readonly program?: Partial<ExamineParts["program"]>;
    readonly setUps?: Partial<SetUpsToExamine> | null;
    readonly from?: ExamineParts["from"];
    readonly runs?: Partial<RunsElsewhere>;
  } = {},
): ExamineParts {
  return {
    mac: {
      platform: "darwin",
      macosVersion: async () => "15.5",
      photosVersion: async () => "10.0",
      ...otherwise.mac,
    },
    photos: otherwise.photos === null ? null : { ...goodPhotos(), ...otherwise.photos },
    data: {
      folder: "/data",
      stagingFolder: "/staging",
      requireWritable: async () => ({ isThere: true }),
      processAtWork: async () => null,
      lookAtLedger: async () => true,
      approvedPhones: async () => ["Anna's iPhone"],
      freeSpace: async () => ({ volume: "1", freeBytes: 212e9 }),
      ...otherwise.data,
    },
    cable: {
      phonesOnBus: async () => 1,
      isBusOfUsbmuxd: true,
      usbmuxdAddress: "/var/run/usbmuxd",
      devicesListed: async () => 1,
      finder: { look: async () => [seenPhone("Anna's iPhone")] },
      wantedPhone: undefined,
      ...otherwise.cable,
    },
    program: {
      version: "0.1.0",
      path: "/opt/rollcall/dist/main.js",
      nodeVersion: "20.19.4",
      nodePath: "/opt/homebrew/bin/node",
      ...otherwise.program,
    },
    setUps: otherwise.setUps === null ? null : { ...goodSetUps(), ...otherwise.setUps },
    from: otherwise.from ?? null,
    runs: { last: () => [], now: NOW, isAlive: () => false, ...otherwise.runs },
  };
}

export const NOW = new Date(2026, 10, 22, 18, 40);

/** As Homebrew installs it. */
export const START = {
  node: "/opt/homebrew/opt/node/bin/node",
  program: "/opt/rollcall/dist/main.js",
  environment: {},
};

/** A Mac on which nothing was set up. */
export function goodSetUps(): SetUpsToExamine {
  return {
    agent: {
      file: () => null,
      state: async () => ({ kind: "not-loaded" }),
      logFolder: "/logs",
    },
    app: { state: () => "absent", path: "/Applications/Rollcall.app", noticeSeen: () => null },
    quickAction: { file: () => null },
    shortcuts: {
      names: ["Import from iPhone", "iPhone: what is new?"],
      isMade: () => false,
      listed: async () => ({ names: [] }),
    },
    sleep: { idleMinutes: async () => 10, isCaffeinateThere: async () => true },
    notifiesAs: "Script Editor",
    goneOf: async () => [],
    placeTroubles: () => [],
    here: START,
  };
}

export function goodPhotos(): PhotosToExamine {
  return {
    standIn: null,
    isRecorded: false,
    askingApp: "Terminal",
    askingBundleId: "com.apple.Terminal",
    rights: rightsOf({}),
    process: { openLibrary: async () => "/Pictures/Photos Library.photoslibrary" },
    usualLibrary: async () => null,
    hasFullDiskAccess: async () => false,
    freeSpace: async () => ({ volume: "1", freeBytes: 212e9 }),
    requireReadable: async () => {},
  };
}

export function rightsOf(otherwise: Partial<PhotosToExamine["rights"]>): PhotosToExamine["rights"] {
  return {
    isRunning: async () => true,
    mayControl: async () => "allowed",
    mayReadLibrary: async () => "allowed",
    ...otherwise,
  };
}

export function seenPhone(name: string, state: PhoneState = "ready"): SeenPhone {
  const udid = "00008140-000C0FFEE0DDF00D";
  const reason =
    state === "ready"
      ? null
      : {
          code: "PHONE_LOCKED" as const,
          message: `${name} is ${state}.`,
          remedy: "Unlock it with its passcode.",
        };
  return {
    udid,
    identity: { udid, name, productType: "iPhone16,1", iosVersion: "18.5" },
    state,
    reason,
    cableBitsPerSecond: null,
    seenBy: { usb: true, usbmuxd: true },
  };
}
