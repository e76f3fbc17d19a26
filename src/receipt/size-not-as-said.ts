import type { Reason } from "../errors.js";

/** The code of a photo that came, and whose file is far larger or smaller than the phone's library says. */
export const SIZE_NOT_AS_SAID = "SIZE_NOT_AS_SAID";

/** @param bytes that the phone's photo library gives the photo */
export function sizeNotAsSaid(bytes: number): Reason {
  return {
    code: SIZE_NOT_AS_SAID,
    message: `the phone's photo library gives it ${bytes} bytes, and its file on the phone has another size: all of that came`,
    remedy: "Keep the photo on the phone, and look in Photos there whether it opens in full size.",
  };
}
