// What `npm pack` made, as the scripts that publish it look at it.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** SHA-256 of the package's bytes. Refuses a package of another version. */
export function hashOfPackage(path, project) {
  const bytes = read(path);
  const inside = manifestIn(bytes, path);
  if (inside.name !== project.name || inside.version !== project.version) {
    const [is, ought] = [inside, project].map(({ name, version }) => `${name} ${version}`);
    fail(`${path} holds ${is}, and package.json says ${ought}`, "run npm pack again");
  }
  return createHash("sha256").update(bytes).digest("hex");
}

function read(path) {
  try {
    return readFileSync(path);
  } catch (error) {
    fail(`cannot read ${path} (${error.code})`, "npm pack makes it");
  }
}

/** `package/package.json` of a gzipped tar: headers of 512 bytes, name first, size in octal at 124, then the file. */
function manifestIn(bytes, path) {
  try {
    const tar = gunzipSync(bytes);
    for (let at = 0; at + 512 <= tar.length; ) {
      const name = tar.toString("latin1", at, tar.indexOf(0, at));
      const sizeBytes = Number.parseInt(tar.toString("latin1", at + 124, at + 136), 8) || 0;
      const begin = at + 512;
      if (name === "package/package.json") return JSON.parse(tar.toString("utf8", begin, begin + sizeBytes));
      at = begin + Math.ceil(sizeBytes / 512) * 512;
    }
  } catch {
    // said below
  }
  fail(`${path} is no npm package`, "npm pack makes one");
}

export function fail(what, hint) {
  console.error(`error: ${what}\nhint:  ${hint}`);
  process.exit(1);
}
