import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { versionIn } from "../../src/cli/compose/plist-version.js";
import { buildBinaryPropertyList } from "../../src/usb/wire/property-list.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rc-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function read(bytes: string | Uint8Array): Promise<string | null> {
  const path = join(folder, "Info.plist");
  writeFileSync(path, bytes);
  return await versionIn(path, "CFBundleShortVersionString");
}

test("the version of macOS is read from a property list as the system writes it", async () => {
  const path = join(folder, "SystemVersion.plist");
  writeFileSync(
    path,
    `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
\t<key>ProductName</key>
\t<string>macOS</string>
\t<key>ProductVersion</key>
\t<string>15.5</string>
</dict>
</plist>
`,
  );
  expect(await versionIn(path, "ProductVersion")).toBe("15.5");
  expect(await versionIn(path, "ProductBuildVersion")).toBeNull();
});

test("an app's is read from a binary one too", async () => {
  expect(await read(buildBinaryPropertyList({ CFBundleShortVersionString: "10.0" }))).toBe("10.0");
});

test("a file that is not there, none of this kind, too long, or of another type, names no version", async () => {
  expect(await versionIn(join(folder, "none"), "ProductVersion")).toBeNull();
  expect(await read("no property list")).toBeNull();
  expect(await read(new Uint8Array(2 << 20))).toBeNull();
  expect(await read(buildBinaryPropertyList({ CFBundleShortVersionString: 10 }))).toBeNull();
  expect(await read(buildBinaryPropertyList({ CFBundleShortVersionString: "" }))).toBeNull();
});
