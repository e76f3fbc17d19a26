import type { Reason } from "../../src/errors.js";
import { PhoneFileError } from "../../src/phone/phone.js";
import type { ReasonCode } from "../../src/reason-codes.js";
import {
  AfcStatusError,
  DESCRIPTION_UNREADABLE,
  FILE_CHANGED,
  FILE_VANISHED,
  FOLDER_SHUT,
  NAME_UNUSABLE,
  NOT_A_FILE,
  reasonOf,
} from "../../src/usb/afc/afc-errors.js";
import { AFC_STATUS } from "../../src/usb/afc/afc-packet.js";
import type { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { jpeg, phoneWith } from "../run/small-phones.js";
import { firstTrouble, newHarness, plain, type ReasonRemedy } from "./answered.js";
import type { Played } from "./remedy.js";

const PHOTO = "/DCIM/100APPLE/IMG_0001.JPG";
const wellPhone = () => phoneWith({ [PHOTO]: jpeg(1) });

/** One import from the phone as it is first; then somebody does at the phone what the remedy says, and the same again. */
function atThePhone(state: string, first: MemoryPhone, says: RegExp, then = wellPhone()): Played {
  return {
    state,
    cause() {
      const harness = newHarness();
      let phone = first;
      return {
        attempt: () => firstTrouble(harness.import(phone, plain)),
        says,
        doIt: () => {
          phone = then;
        },
      };
    },
  };
}

function refuses(reason: Reason): MemoryPhone {
  return phoneWith(
    { [PHOTO]: jpeg(1) },
    {
      onRequest: ({ what, path }) => {
        if (what === "open" && path === PHOTO) throw new PhoneFileError(path, reason);
      },
    },
  );
}

function lists(path: string, reason: Reason): MemoryPhone {
  const phone = phoneWith({});
  phone.refuseToDescribe(path, reason);
  return phone;
}

const saysNo = (status: number) => refuses(reasonOf(new AfcStatusError("open", status), null));
const hardLinked = { fileType: "S_IFREG", linkCount: 2 } as Parameters<typeof reasonOf>[1];

export const PHONE_REASONS = {
  FILE_BREAKS_CONNECTION: [
    {
      cannotBePlayedHere:
        "a restarted iPhone reads the file again, or its Photos shows that it is broken; that the next run tries it is FILE_READ_ERROR's row",
    },
  ],
  FILE_BUSY: [atThePhone("it has no room", saysNo(AFC_STATUS.noResources), /^Close other programs/)],
  FILE_CHANGED: [
    atThePhone("it changes while it is read", refuses(FILE_CHANGED), /^Wait until .*, then run/),
  ],
  FILE_DESCRIPTION_UNREADABLE: [
    atThePhone(
      "its description is no description",
      lists(PHOTO, DESCRIPTION_UNREADABLE),
      /^Restart the iPhone/,
    ),
  ],
  FILE_HARD_LINKED: [
    atThePhone(
      "it is stored under two names, and duplicated on the phone",
      refuses(reasonOf(new AfcStatusError("open", AFC_STATUS.permissionDenied), hardLinked)),
      /or duplicate it on the iPhone\.$/,
      phoneWith({ "/DCIM/100APPLE/IMG_0002.JPG": jpeg(1) }),
    ),
  ],
  FILE_NAME_UNUSABLE: [
    atThePhone(
      "its name leads out of its folder, and is another one then",
      lists("/DCIM/100APPLE/..:outside.JPG", NAME_UNUSABLE),
      /^Rename the file on the iPhone/,
    ),
  ],
  FILE_NOT_PERMITTED: [
    atThePhone("it is locked", saysNo(AFC_STATUS.permissionDenied), /^Unlock the iPhone and run the same/),
  ],
  FILE_READ_ERROR: [
    atThePhone(
      "it comes from iCloud just now",
      saysNo(AFC_STATUS.inputOutput),
      /wait until it is downloaded, then/,
    ),
  ],
  FILE_REFUSED: [
    atThePhone("it says no", saysNo(AFC_STATUS.unknownError), /^Unlock the iPhone and run the same/),
  ],
  FILE_VANISHED: [
    atThePhone("it is gone for a moment", refuses(FILE_VANISHED), /^Run the same command again/),
  ],
  FOLDER_NOT_LISTED: [
    atThePhone(
      "its folder is shut",
      lists("/DCIM/100APPLE", FOLDER_SHUT),
      /^Unlock the iPhone and run the same/,
    ),
  ],
  NOT_A_FILE: [atThePhone("a folder has its name", refuses(NOT_A_FILE), /^Run the same command again/)],
  LIBRARY_NOT_READ: [
    {
      state: "a photo from iCloud, without the phone's library",
      cause() {
        const harness = newHarness();
        const phone = phoneWith({ "/PhotoData/CPLAssets/group1/A.JPG": jpeg(1) });
        return {
          attempt: () => firstTrouble(harness.import(phone, plain)),
          says: /--icloud import imports it as it is/,
          instead: () => firstTrouble(harness.import(phone, { ...plain, icloud: "import" })),
        };
      },
    },
  ],
} satisfies Partial<Record<ReasonCode, readonly ReasonRemedy[]>>;
