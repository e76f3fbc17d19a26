// The installer for a Mac, with the place of the package and its hash filled in.
//
//   npm run --silent installer -- PACKAGE ADDRESS > install-mac.sh
//
// PACKAGE is what `npm pack` made, ADDRESS the folder on the web in which it will lie under that name, beside
// install-mac.sh. People paste: curl -fsSL ADDRESS/install-mac.sh | bash
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { fail, hashOfPackage } from "./packed.mjs";

const top = dirname(dirname(fileURLToPath(import.meta.url)));
const project = JSON.parse(readFileSync(join(top, "package.json"), "utf8"));
const [packagePath, address] = process.argv.slice(2);
if (packagePath === undefined || address === undefined)
  fail("a package and an address are needed", "npm run --silent installer -- PACKAGE ADDRESS");

if (!/^https:\/\/[\w.:/~%-]+$/.test(address))
  fail(`no address: ${address}`, "give one that begins with https://");
const sha256 = hashOfPackage(packagePath, project);
const name = `${project.name}-${project.version}.tgz`;
if (basename(packagePath) !== name)
  fail(`the installer looks for ${name}`, "give the package that name again");
process.stdout.write(
  readFileSync(join(top, "scripts/install-mac.sh"), "utf8")
    .replace(/^PACKAGE_ADDRESS=$/m, `PACKAGE_ADDRESS=${address.replace(/\/+$/, "")}`)
    .replace(/^PACKAGE_SHA256=$/m, `PACKAGE_SHA256=${sha256}`),
);
