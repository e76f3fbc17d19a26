import type { DeviceReport } from "../../../report/device-report.js";
import { bytes, count } from "../../../words/wording.js";

/** The columns of docs/tested-on.md. */
export const TESTED_ON_COLUMNS = [
  ...["device", "iOS", "cable", "photos and files", "its database", "thumbnails", "edits"],
  ...["listing", "reading", "computer", "rights", "Rollcall"],
];

/** What a file of it holds: JSON with one line for each part, so that a person can read it before it is sent in. */
export function deviceReportText(report: DeviceReport): string {
  const lines = Object.entries(report).map(([part, value]) => `  "${part}": ${JSON.stringify(value)}`);
  return `{\n${lines.join(",\n")}\n}\n`;
}

/** One row for docs/tested-on.md. */
export function testedOnRow(report: DeviceReport): string {
  const { phone, isVirtual } = report;
  const device = `${phone.productType ?? "unknown"}${isVirtual ? " (virtual)" : ""}`;
  const cells = [
    ...[device, phone.iosVersion ?? "unknown", phone.cable],
    ...[photosAndFiles(report), database(report), thumbnails(report), edits(report)],
    ...[rate(report.files.filesPerSecond), speed(report.reading.bytesPerSecond)],
    ...[computer(report), rights(report), `${report.rollcall}, ${report.month}`],
  ];
  return `| ${cells.join(" | ")} |`;
}

function photosAndFiles({ items, files }: DeviceReport): string {
  const photos = Object.values(items.byKind).reduce((sum, each) => sum + each, 0);
  return `${count(photos)} in ${count(files.listed)} files, ${bytes(files.sizeBytes)}`;
}

function database({ database }: DeviceReport): string {
  const { outcome, sizeBytes, tookMs, modelVersion, way } = database;
  if (outcome !== "read") return outcome;
  const time = tookMs < 1000 ? `${tookMs} ms` : `${(tookMs / 1000).toFixed(1)} s`;
  const how = way === "pages" ? "by pages" : "as a whole";
  return `${bytes(sizeBytes ?? 0)} ${how} in ${time}, model ${modelVersion ?? "unknown"}`;
}

function thumbnails({
  thumbnails: { looked, only5005, only5003, both, otherName, none },
}: DeviceReport): string {
  const counts = [
    ["5005", only5005],
    ["5003", only5003],
    ["both", both],
    ["other names", otherName],
    ["none", none],
  ] as const;
  const seen = counts.filter(([, many]) => many > 0);
  return `${seen.map(([what, many]) => `${what}: ${many}`).join(", ") || "none"} of ${looked}`;
}

function edits({ edits: found }: DeviceReport): string {
  if (found === null) return "unknown";
  return `${found.withAae} of ${found.edited} with AAE, ${found.withAdjustmentsPlist} with plist`;
}

function computer({ computer: { system, macosVersion, photosVersion, processor } }: DeviceReport): string {
  const photos = photosVersion === null ? "" : `, Photos ${photosVersion}`;
  return `${[system, macosVersion].filter((each) => each !== null).join(" ")}, ${processor}${photos}`;
}

function rights({ rights: { askedFrom, automation, library } }: DeviceReport): string {
  if (automation === "not-on-this-system") return "none on this system";
  return `${askedFrom}: automation ${automation}, library ${library}`;
}

function rate(perSecond: number | null): string {
  return perSecond === null ? "too few to say" : `${count(perSecond)} files/s`;
}

function speed(bytesPerSecond: number | null): string {
  return bytesPerSecond === null ? "too little to say" : `${bytes(bytesPerSecond)}/s`;
}
