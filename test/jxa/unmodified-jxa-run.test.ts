import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { openVirtualPhotos } from "../../src/virtual/photos/virtual-photos.js";
import { writeOsascriptExecutable } from "../../src/virtual/photos/write-osascript.js";
import { temporaryFolder } from "./stand-in-osascript.js";

const repository = join(import.meta.dirname, "../..");
const dist = join(repository, "dist");
if (!existsSync(dist)) throw new Error("this test runs the built scripts: npm run build first");

/**
 * Shows the machine's own files with those of the folder $2 on top, to what is started here alone: the mounts of
 * a mount namespace end with it. Then runs the rest of its arguments in there. $1 is an empty folder.
 */
const pretendMac = `
set -e
top=$1; extra=$2; shift 2
mount -t tmpfs none "$top"
cp -R "$extra" "$top/extra" # one layer of an overlay must not lie inside the other
mkdir "$top/shown"
mount -t overlay overlay -o "lowerdir=$top/extra:/" "$top/shown"
for folder in /proc /dev "$ROLLCALL_REPOSITORY"; do mount --rbind "$folder" "$top/shown$folder"; done
mount --bind "$ROLLCALL_FOLDER" "$top/shown$ROLLCALL_FOLDER"
exec chroot "$top/shown" "$@"
`;

/** What `@jxa/run` wants of a Mac: its version (10.10 or newer), and osascript. The rest is unmodified. */
const systemVersion = `<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict><key>ProductVersion</key><string>15.7.2</string></dict></plist>
`;

const questions = `
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
const dist = pathToFileURL(process.env.ROLLCALL_REPOSITORY + "/dist/").href;
const { run } = createRequire(dist + "jxa/short-question.js")("@jxa/run");
const { realPhotos } = await import(dist + "cli/compose/real-parts.js");
const { photos, process: photosProcess } = await realPhotos({ dataFolder: "/nowhere" }, "question");

const found = { platform: process.platform };
found.atFirst = await photosProcess.running();
await photosProcess.start(); // there is no open here, so the script does it
found.version = (await photos.makeReady()).version;
const name = "Gr\\u00fc\\u00dfe 'a\\"b \\u{1f600}";
const album = await photos.createAlbum(name);
found.byName = (await photos.findAlbums(name)).map(({ id }) => id === album.id);
found.never = await photos.describeAlbum("00000000-0000-0000-0000-000000000000/L0/040");
found.direct = await run((wanted) => Application("Photos").albums.byId(wanted).name() + "!", album.id);
found.refused = await run(() => Application("Photos").albums.byId("x").name()).catch((error) => error.message);
console.log(JSON.stringify(found));
`;

/** Null where a mount namespace can be had. */
function whyNot(emptyFolder: string, extra: string, environment: NodeJS.ProcessEnv): string | null {
  if (process.platform !== "linux") return "mount namespaces are Linux's";
  if (process.getuid?.() !== 0) return "only root may make a mount namespace";
  const command = ["-m", "sh", "-c", pretendMac, "sh", emptyFolder, extra, "true"];
  const { status, error, stderr } = spawnSync("unshare", command, { env: environment, encoding: "utf8" });
  return status === 0 ? null : `unshare -m or mount is refused here: ${error?.message ?? stderr.trim()}`;
}

it("the unmodified @jxa/run and the child that asks through it reach Photos, as on a Mac", async ({
  skip,
}) => {
  await using folder = await temporaryFolder();
  const at = (name: string) => join(folder.path, name);
  const write = (name: string, text: string) => {
    mkdirSync(dirname(at(name)), { recursive: true });
    writeFileSync(at(name), text);
    return at(name);
  };
  const libraryPath = at("Virtual.photoslibrary");
  openVirtualPhotos(libraryPath).close();
  mkdirSync(at("top"));
  write("extra/System/Library/CoreServices/SystemVersion.plist", systemVersion);
  mkdirSync(at("extra/usr/bin"), { recursive: true });
  writeOsascriptExecutable({
    file: at("extra/usr/bin/osascript"),
    libraryPath,
    program: join(dist, "virtual/photos/osascript-main.js"),
  });
  const preload = write("darwin.cjs", `Object.defineProperty(process, "platform", { value: "darwin" });\n`);
  const program = write("questions.mjs", questions);

  const environment = {
    PATH: process.env.PATH,
    ROLLCALL_REPOSITORY: repository,
    ROLLCALL_FOLDER: folder.path,
    // Inherited by the child that asks, and not by osascript: @jxa/run gives that an environment of its own.
    NODE_OPTIONS: `--require ${preload}`,
  };
  const reason = whyNot(at("top"), at("extra"), environment);
  if (reason !== null) return skip(reason);

  const { status, stdout, stderr } = spawnSync(
    "unshare",
    ["-m", "sh", "-c", pretendMac, "sh", at("top"), at("extra"), process.execPath, program],
    { encoding: "utf8", env: environment },
  );

  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(JSON.parse(stdout)).toEqual({
    platform: "darwin",
    atFirst: null,
    version: "11.0",
    byName: [true],
    never: null,
    direct: "Grüße 'a\"b \u{1f600}!",
    refused: expect.stringMatching(/execution error: .*\(-1728\)/),
  });
  // Nothing of it is to be seen outside.
  expect(existsSync("/System") || existsSync("/usr/bin/osascript")).toBe(false);
}, 60_000);
