import type { PhotosToExamine } from "../../../doctor/examine-parts.js";
import { ASKING_APPS, type DeviceReport } from "../../../report/device-report.js";
import type { Surroundings } from "../../../report/make-report.js";
import { doctorParts } from "../../compose/doctor-parts.js";
import type { Settings } from "../../process/settings.js";
import { toolVersion } from "../../process/tool-version.js";

export type ReportSurroundings = Omit<Surroundings, "cable" | "isVirtual">;

/** macOS answers at once, or it waits for somebody. */
const ASKING_MS = 10_000;

/** What a report says of this computer: asked as `rollcall doctor` asks, so that macOS shows nobody a question. */
export async function reportSurroundings(settings: Settings): Promise<ReportSurroundings> {
  const { mac, photos, cable } = await doctorParts(settings, {});
  const isMac = mac.platform === "darwin";
  return {
    rollcallVersion: toolVersion(),
    usbmuxd: cable.isBusOfUsbmuxd ? "system" : "other",
    computer: {
      system: isMac ? "macOS" : mac.platform === "linux" ? "Linux" : "other",
      macosVersion: isMac ? await within(mac.macosVersion(), null) : null,
      photosVersion: isMac ? await within(mac.photosVersion(), null) : null,
      processor: process.arch === "arm64" || process.arch === "x64" ? process.arch : "other",
      node: process.versions.node,
    },
    rights: photos === null ? NO_PHOTOS : await rightsOf(photos),
  };
}

const NO_PHOTOS: DeviceReport["rights"] = {
  askedFrom: "unknown",
  automation: "not-on-this-system",
  library: "not-on-this-system",
  fullDiskAccess: null,
};

async function rightsOf({ rights, askingApp, hasFullDiskAccess }: PhotosToExamine) {
  const signal = AbortSignal.timeout(ASKING_MS);
  return {
    askedFrom: askingApp === null ? "unknown" : (ASKING_APPS.find((app) => app === askingApp) ?? "other"),
    automation: await within(rights.mayControl(signal), "unknown" as const),
    library: await within(rights.mayReadLibrary(signal), "unknown" as const),
    fullDiskAccess: await within(hasFullDiskAccess(), null),
  };
}

/** `otherwise` where it fails, and where no answer comes in time. */
async function within<Value, Otherwise>(
  asked: Promise<Value>,
  fallback: Otherwise,
): Promise<Value | Otherwise> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Otherwise>((settle) => {
    timer = setTimeout(() => settle(fallback), ASKING_MS);
  });
  try {
    return await Promise.race([asked.catch(() => fallback), late]);
  } finally {
    clearTimeout(timer);
  }
}
