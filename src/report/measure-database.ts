import { type PhoneLibrary, readPhoneLibrary } from "../catalogue/phone-library.js";
import type { Clock } from "../clock.js";
import { RollcallError } from "../errors.js";
import { type Phone, PhoneFileError } from "../phone/phone.js";
import { type DeviceReport, rounded } from "./device-report.js";

const DATABASE = "/PhotoData/Photos.sqlite";
const WRITE_AHEAD_LOG = `${DATABASE}-wal`;

export interface MeasureDeps {
  readonly phone: Phone;
  /** Exists; for copies that are gone afterwards. */
  readonly workFolder: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Reads the phone's own photo database as an import does, and says how large it is and how long that took. One that
 * cannot be read is a finding.
 * @throws RollcallError what ends the connection to the phone; DISK_FULL, FOLDER_NOT_WRITABLE, STOPPED
 */
export async function measureDatabase({ phone, workFolder, clock, signal }: MeasureDeps): Promise<{
  readonly library: PhoneLibrary | null;
  readonly database: DeviceReport["database"];
}> {
  const [sizeBytes, logBytes] = await Promise.all([
    sizeOf(phone, DATABASE, signal),
    sizeOf(phone, WRITE_AHEAD_LOG, signal),
  ]);
  const begun = clock.now().getTime();
  const library = await readPhoneLibrary(phone, { workFolder, signal }).catch((error: unknown) => {
    if (error instanceof RollcallError && error.code === "PHONE_LIBRARY_UNREADABLE") return null;
    throw error;
  });
  const tookMs = clock.now().getTime() - begun;
  const reading = library?.reading ?? null;
  const modelVersion = library?.summary.modelVersion ?? null;
  return {
    library,
    database: {
      outcome: library !== null ? "read" : sizeBytes === null ? "absent" : "unreadable",
      sizeBytes: sizeBytes === null ? null : rounded(sizeBytes),
      logBytes: logBytes === null ? null : rounded(logBytes),
      bytesRead: reading === null ? null : rounded(reading.readBytes),
      way: reading?.way ?? null,
      tries: reading?.tries ?? null,
      tookMs,
      modelVersion:
        modelVersion !== null && modelVersion >= 1 && modelVersion <= 99_999 ? modelVersion : null,
      rows: library === null ? null : countOf(library.rows()),
      syncsWithICloud: library?.summary.syncedWithICloud ?? null,
    },
  };
}

async function sizeOf(phone: Phone, path: string, signal: AbortSignal): Promise<number | null> {
  try {
    return (await phone.describe(path, signal))?.sizeBytes ?? null;
  } catch (error) {
    if (error instanceof PhoneFileError) return null;
    throw error;
  }
}

function countOf(all: Iterable<unknown>): number {
  let count = 0;
  for (const _each of all) count += 1;
  return count;
}
