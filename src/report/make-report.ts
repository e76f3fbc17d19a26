import type { PhoneLibrary } from "../catalogue/phone-library.js";
import { readCatalogue } from "../catalogue/read-catalogue.js";
import { countEdits, countFiles } from "./count-files.js";
import { type DeviceReport, deviceReportSchema, matching } from "./device-report.js";
import { type MeasureDeps, measureDatabase } from "./measure-database.js";
import { measureReading, rate } from "./measure-reading.js";
import { measureThumbnails } from "./measure-thumbnails.js";

/** What is known of the rest before the phone is asked. Versions may be any text: what has not their shape is left out. */
export interface Surroundings {
  readonly rollcallVersion: string;
  readonly isVirtual: boolean;
  readonly cable: DeviceReport["phone"]["cable"];
  readonly usbmuxd: DeviceReport["phone"]["usbmuxd"];
  readonly computer: Omit<DeviceReport["computer"], "node"> & { readonly node: string };
  readonly rights: DeviceReport["rights"];
}

interface ReportDeps extends MeasureDeps {
  /** Called with the number of files seen so far. */
  readonly onListing?: (files: number) => void;
}

/**
 * Measures one phone and this computer. Reads the phone's database, lists its files, looks at some thumbnails and reads
 * some of the largest files; writes nothing that stays, and asks macOS nothing.
 * @throws RollcallError what ends the connection to the phone; DISK_FULL, FOLDER_NOT_WRITABLE, STOPPED
 */
export async function makeReport(deps: ReportDeps, surroundings: Surroundings): Promise<DeviceReport> {
  const { phone, clock, signal, onListing } = deps;
  const { computer, cable, usbmuxd } = surroundings;
  const { library, database } = await measureDatabase(deps);
  const begun = clock.now().getTime();
  const catalogue = await readCatalogue(phone, { phoneLibrary: library, signal, onProgress: onListing });
  const tookMs = clock.now().getTime() - begun;
  const { items, ...files } = countFiles(catalogue);
  const shapes = deviceReportSchema.shape;
  const of = shapes.phone.shape;
  return onlyNumbersAndFixedWords({
    report: 1,
    rollcall: surroundings.rollcallVersion,
    month: clock.now().toISOString().slice(0, 7),
    isVirtual: surroundings.isVirtual,
    phone: {
      productType: matching(of.productType, phone.identity.productType),
      iosVersion: matching(of.iosVersion, phone.identity.iosVersion),
      cable,
      usbmuxd,
    },
    database,
    files: { ...files, tookMs, filesPerSecond: rate(files.listed, tookMs) },
    items,
    edits: editsOf(catalogue, library),
    thumbnails: await measureThumbnails(catalogue, deps),
    reading: await measureReading(catalogue, deps),
    computer: {
      ...computer,
      macosVersion: matching(shapes.computer.shape.macosVersion, computer.macosVersion),
      photosVersion: matching(shapes.computer.shape.photosVersion, computer.photosVersion),
    },
    rights: surroundings.rights,
  });
}

/** The one way out: what is not described in the schema cannot get through. */
function onlyNumbersAndFixedWords(report: DeviceReport): DeviceReport {
  return deviceReportSchema.parse(report);
}

function editsOf(
  catalogue: Parameters<typeof countEdits>[0],
  library: PhoneLibrary | null,
): DeviceReport["edits"] {
  return library === null ? null : countEdits(catalogue, library);
}
