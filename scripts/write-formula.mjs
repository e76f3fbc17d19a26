// The Homebrew formula, from package.json.
//
//   npm run formula                                writes packaging/homebrew/rollcall.rb, without a source: run it
//                                                  after a change of the version, and commit what it wrote
//   npm run --silent formula -- PACKAGE            prints a formula for a tap on this computer
//   npm run --silent formula -- PACKAGE URL        prints the one to publish, when the package lies at URL
//
// PACKAGE is what `npm pack` made. Only with it is there a hash, and only with a URL a place: neither is made up.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { fail, hashOfPackage } from "./packed.mjs";

const top = dirname(dirname(fileURLToPath(import.meta.url)));
const project = JSON.parse(readFileSync(join(top, "package.json"), "utf8"));
const file = join(top, "packaging", "homebrew", `${project.name}.rb`);

const [packagePath, url] = process.argv.slice(2);
if (packagePath === undefined) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, formula(null));
  console.error(`wrote ${file}`);
} else {
  process.stdout.write(formula(sourceOf(packagePath, url)));
}

/** Where the package lies, and the hash of its bytes. Refuses a URL without its version. */
function sourceOf(path, url = pathToFileURL(resolve(path)).href) {
  const sha256 = hashOfPackage(path, project);
  if (!/^(https|file):\/\/\/?[^\s"#\\]+$/.test(url))
    fail(`no URL: ${url}`, "give one that begins with https://");
  if (!url.includes(project.version))
    fail(`the URL does not name version ${project.version}`, "publish each version at a place of its own");
  return { url, sha256 };
}

function formula(source) {
  const lines = (...all) => all.filter((line) => line !== null).join("\n");
  return lines(
    `# Written by scripts/write-formula.mjs, from package.json.`,
    source === null
      ? "# It has no source: where the package lies, and its hash, are for whoever publishes it to say:"
      : null,
    source === null ? "# npm run formula -- PACKAGE URL" : null,
    "class Rollcall < Formula",
    '  desc "Copies everything new off an iPhone into Photos, and proves what arrived"',
    project.homepage === undefined ? null : `  homepage "${project.homepage}"`,
    source === null ? `  version "${project.version}"` : null,
    source === null ? null : `  url "${source.url}"`,
    source === null ? null : `  sha256 "${source.sha256}"`,
    `  license "${project.license}"`,
    "",
    `  # ${project.engines.node} by package.json. The binaries that come along are the same for every node.`,
    '  depends_on "node"',
    "",
    "  def install",
    "    # Runs no script and compiles nothing: the package is built, and its binaries lie in its dependencies.",
    '    system "npm", "install", *std_npm_args',
    '    bin.install_symlink libexec.glob("bin/*")',
    '    generate_completions_from_executable(bin/"rollcall", "completions", shells: [:bash, :zsh, :fish])',
    "  end",
    "",
    "  def caveats",
    "    <<~EOS",
    "      Plug in the iPhone, unlock it, and run: rollcall import",
    "      macOS asks once whether your terminal may control Photos.",
    "      To run it from Shortcuts, from the Services menu, or by itself on plug-in:",
    "        rollcall setup shortcuts",
    "        rollcall setup automator",
    "        rollcall setup agent",
    "    EOS",
    "  end",
    "",
    "  test do",
    '    assert_match version.to_s, shell_output("#{bin}/rollcall --version")',
    '    assert_match "all proved", shell_output("#{bin}/rollcall demo")',
    "  end",
    "end",
    "",
  );
}
