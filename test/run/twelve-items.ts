import type { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { aae, jpeg, mov, phoneWith } from "./small-phones.js";

/**
 * Twelve items: a Live Photo, an edited photo, a video, two pictures of one name, one with the bytes of
 * another, one that is no picture, and plain ones. In batches of four they make three, and the edited one
 * goes alone.
 */
export function twelveItems(): MemoryPhone {
  const files: Record<string, Buffer> = {
    "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1, "LIVE-1"),
    "/DCIM/100APPLE/IMG_0001.MOV": mov(1, "LIVE-1"),
    "/DCIM/100APPLE/IMG_0003.JPG": jpeg(3),
    "/DCIM/100APPLE/IMG_0003.AAE": aae(3),
    "/DCIM/100APPLE/IMG_E0003.JPG": jpeg(33),
    "/DCIM/100APPLE/IMG_0004.MOV": mov(4),
    "/DCIM/101APPLE/IMG_0002.JPG": Buffer.concat([jpeg(22), Buffer.alloc(9)]),
    "/DCIM/101APPLE/IMG_0009.JPG": jpeg(5),
    "/DCIM/101APPLE/IMG_0010.JPG": Buffer.from("this is no picture"),
  };
  for (const number of [2, 5, 6, 7, 8]) files[`/DCIM/100APPLE/IMG_000${number}.JPG`] = jpeg(number);
  files["/DCIM/101APPLE/IMG_0011.JPG"] = jpeg(11);
  return phoneWith(files);
}

export const inBatchesOfFour = {
  withoutPhoneLibrary: true,
  batchLimits: { items: 4, bytes: 1e9 },
} as const;
