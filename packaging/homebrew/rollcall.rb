# Written by scripts/write-formula.mjs, from package.json.
# It has no source: where the package lies, and its hash, are for whoever publishes it to say:
# npm run formula -- PACKAGE URL
class Rollcall < Formula
  desc "Copies everything new off an iPhone into Photos, and proves what arrived"
  version "0.1.0"
  license "MIT"

  # >=20.19 by package.json. The binaries that come along are the same for every node.
  depends_on "node"

  def install
    # Runs no script and compiles nothing: the package is built, and its binaries lie in its dependencies.
    system "npm", "install", *std_npm_args
    bin.install_symlink libexec.glob("bin/*")
    generate_completions_from_executable(bin/"rollcall", "completions", shells: [:bash, :zsh, :fish])
  end

  def caveats
    <<~EOS
      Plug in the iPhone, unlock it, and run: rollcall import
      macOS asks once whether your terminal may control Photos.
      To run it from Shortcuts, from the Services menu, or by itself on plug-in:
        rollcall setup shortcuts
        rollcall setup automator
        rollcall setup agent
    EOS
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/rollcall --version")
    assert_match "all proved", shell_output("#{bin}/rollcall demo")
  end
end
