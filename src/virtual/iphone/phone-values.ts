import type { PropertyDictionary } from "../../usb/wire/property-list.js";

interface PhoneFacts {
  readonly udid: string;
  readonly name: string;
  readonly productType: string;
  readonly iosVersion: string;
  readonly wifiAddress: string;
  readonly publicKeyPem: string;
}

/** What lockdownd tells anybody who asks, before any trust. */
export function valuesForAnybody(
  facts: PhoneFacts,
  isLocked: boolean,
  isTrusted: boolean,
): PropertyDictionary {
  return {
    BuildVersion: "22F76",
    DeviceClass: "iPhone",
    DeviceName: facts.name,
    DevicePublicKey: Buffer.from(facts.publicKeyPem),
    PasswordProtected: isLocked,
    ProductType: facts.productType,
    ProductVersion: facts.iosVersion,
    TrustedHostAttached: isTrusted,
    UniqueDeviceID: facts.udid,
    WiFiAddress: facts.wifiAddress,
  };
}

/** What it tells in a session besides. */
export function valuesForTrustedHosts(): PropertyDictionary {
  return {
    ActivationState: "Activated",
    CPUArchitecture: "arm64e",
    HardwareModel: "D47AP",
    HostAttached: true,
    ModelNumber: "MYEA3",
    ProductName: "iPhone OS",
    ProductionSOC: true,
    SerialNumber: "VRTL0PH0NE",
    TimeIntervalSince1970: Date.now() / 1000,
    TimeZone: "Europe/Berlin",
    TimeZoneOffsetFromUTC: 3600,
    Uses24HourClock: true,
  };
}

/** Values in a domain, in a session only. Null where there is no such domain. */
export function valuesOfDomain(
  domain: string,
  totalBytes: bigint,
  freeBytes: bigint,
): PropertyDictionary | null {
  switch (domain) {
    case "com.apple.disk_usage":
      return {
        TotalDiskCapacity: Number(totalBytes),
        TotalDataCapacity: Number(totalBytes),
        TotalSystemCapacity: 0,
        TotalDataAvailable: Number(freeBytes),
      };
    case "com.apple.mobile.battery":
      return { BatteryCurrentCapacity: 82, BatteryIsCharging: true };
    case "com.apple.international":
      return { Language: "en", Locale: "en_GB" };
    case "com.apple.mobile.wireless_lockdown":
      return { EnableWifiConnections: false };
    case "com.apple.mobile.iTunes":
      return { FamilyID: 10004, MinITunesVersion: "12.12", MinMacOSVersion: "13.0" };
    default:
      return null;
  }
}

/** What usbmuxd tells of a phone on its cable. */
export function usbProperties(udid: string) {
  return {
    ConnectionSpeed: 480_000_000,
    ConnectionType: "USB",
    LocationID: 0x1410_0000,
    ProductID: 0x12a8,
    SerialNumber: udid,
    UDID: udid,
    USBSerialNumber: udid.replace("-", ""),
  };
}
