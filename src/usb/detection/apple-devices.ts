/** Apple's vendor id (usb.ids; libimobiledevice/usbmuxd src/usb.h). Its keyboards and trackpads bear it too. */
export const APPLE_VENDOR_ID = 0x05ac;

/** Devices in their normal mode (usbmuxd src/usb.h: PID_RANGE_LOW, PID_RANGE_MAX). */
const FIRST_PRODUCT_ID = 0x1290;
const LAST_PRODUCT_ID = 0x12af;
/** In that range, and nothing with a camera roll to copy: Apple TV and Watch (usb.ids). */
const NO_CAMERA_ROLL = new Set([0x12a7, 0x12af]);

/**
 * Whether USB ids are those of an iPhone, iPad or iPod touch that is running normally. In recovery, restore
 * or DFU mode (0x1281, 0x1901-0x1905, 0x1227) a phone bears other ids, and nothing can be copied then.
 */
export function isApplePhone(vendorId: number, productId: number): boolean {
  return vendorId === APPLE_VENDOR_ID && isPhoneProduct(productId);
}

/** The same where the vendor is known to be Apple. */
export function isPhoneProduct(productId: number): boolean {
  return productId >= FIRST_PRODUCT_ID && productId <= LAST_PRODUCT_ID && !NO_CAMERA_ROLL.has(productId);
}

/** "iPhone16,1", "iPad13,4", "iPod9,1"; not "Watch7,1", "AppleTV14,1". */
export function isPhoneType(productType: string): boolean {
  return /^(?:iPhone|iPad|iPod)/.test(productType);
}
