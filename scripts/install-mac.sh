#!/bin/bash
# Installs Rollcall into ~/.rollcall, or upgrades what is there. Needs no administrator and no other program.
#
#   curl -fsSL ADDRESS/install-mac.sh | bash
#   bash install-mac.sh --from FOLDER      takes Node's archive, its SHASUMS256.txt and the package from there
#   bash install-mac.sh --from https://... the same
#   bash install-mac.sh --remove           takes it away again
#
# What it makes:
#
#   ~/.rollcall/versions/VERSION-TIME/   Node's program, and the package with what it depends on
#   ~/.rollcall/current                  a link to one of them; what is set up goes through it
#   ~/.rollcall/bin/rollcall             starts that
#
# A new version is made whole in ~/.rollcall/.installing, and becomes the current one by one rename: whatever ends this
# before leaves the old one as it was. The version before stays until the next upgrade, for what runs meanwhile.
#
# For the bash 3.2 of macOS. Everything is in functions, so that a script that arrived in part does nothing.
set -eu

# The Node that is installed. It has to satisfy package.json; 24 needs macOS 13.5 (nodejs/node, BUILDING.md).
NODE_VERSION=24.21.0
LEAST_MACOS=13.5
ROLLCALL_VERSION=0.1.0
NODE_ADDRESS=https://nodejs.org/dist/v$NODE_VERSION
# `npm run --silent installer -- PACKAGE ADDRESS` prints this script with both filled in.
PACKAGE_ADDRESS=
PACKAGE_SHA256=

# Node, the package, and room to unpack both.
NEEDED_MB=700
# By it --remove knows the file.
MADE_BY="# Written by install-mac.sh of Rollcall."

main() {
  from=
  remove=
  while [ $# -gt 0 ]; do
    case $1 in
      --from)
        if [ $# -lt 2 ] || [ -z "$2" ]; then misused "--from needs a folder, or an address that begins with https://"; fi
        from=$2
        shift
        ;;
      --remove) remove=yes ;;
      -h | --help)
        printf '%s\n' "install-mac.sh [--from FOLDER|https://ADDRESS] [--remove]"
        return
        ;;
      *) misused "it takes no $1, only --from FOLDER, --from https://ADDRESS and --remove" ;;
    esac
    shift
  done
  [ -z "$remove" ] || [ -z "$from" ] || misused "--remove takes nothing from anywhere: leave --from out"
  [ "$(id -u)" != 0 ] || fail "this was started as root. Run it as yourself, without sudo: nothing here needs it."
  requireMac
  requireHome
  # What a person makes here is nobody else's to change.
  umask 022
  if [ -n "$remove" ]; then
    removeAll
  else
    install
  fi
}

fail() {
  printf 'error: %s\n' "$1" >&2
  exit 1
}

misused() {
  printf 'error: %s\n' "$1." >&2
  exit 2
}

requireMac() {
  [ "$(uname -s)" = Darwin ] || fail "this is no Mac. On Linux, install the package as docs/guides/installing.md says."
  case $(uname -m) in
    arm64) cpu=arm64 ;;
    x86_64)
      cpu=x64
      # A Terminal that runs under Rosetta sees the other one.
      [ "$(sysctl -n hw.optional.arm64 2>/dev/null || :)" != 1 ] || cpu=arm64
      ;;
    *) fail "Rollcall runs on Macs with Apple silicon or Intel, and this is $(uname -m)." ;;
  esac
  local version
  version=$(sw_vers -productVersion 2>/dev/null || :)
  isAtLeast "${version:-0}" "$LEAST_MACOS" ||
    fail "Rollcall needs macOS $LEAST_MACOS or newer, and this is ${version:-not known}."
}

# Of two versions, by their first two numbers.
isAtLeast() {
  printf '%s %s\n' "$1" "$2" | awk '
    { split($1, a, "."); split($2, b, ".") }
    END { exit !(a[1] + 0 > b[1] + 0 || (a[1] + 0 == b[1] + 0 && a[2] + 0 >= b[2] + 0)) }'
}

requireHome() {
  case ${HOME:-} in
    /*) ;;
    *) fail "it is not known where your home folder is: HOME is not set." ;;
  esac
  root=$HOME/.rollcall
  # Through a link it would write into somebody else's folder.
  [ ! -L "$root" ] || fail "$root is a link. Move it away, then run this again."
  [ ! -e "$root" ] || [ -d "$root" ] || fail "$root is no folder. Move it away, then run this again."
  [ ! -e "$root" ] || [ -O "$root" ] || fail "$root is another user's. Move it away, then run this again."
}

install() {
  origin=${from:-$PACKAGE_ADDRESS}
  [ -n "$origin" ] ||
    fail "this copy of the installer names no place to take Rollcall from. Give one: --from FOLDER, or --from https://ADDRESS."
  case $origin in
    https://* | file://*) ;;
    *://*) fail "$origin could be changed on its way here. Give an address that begins with https://." ;;
    *) [ -d "$origin" ] || fail "there is no folder $origin." ;;
  esac
  requireSpace
  mkdir -p "$root" || fail "$root cannot be made."
  begin
  printf 'Installing Rollcall %s. This takes a minute or two.\n' "$ROLLCALL_VERSION"
  fetchNode
  fetchPackage
  makeCurrent
  setUpApp
}

requireSpace() {
  local freeKb
  # The number before the percentage: names of disks may hold spaces.
  freeKb=$(df -Pk "$HOME" | awk 'NR == 2 { for (i = 2; i <= NF; i++) if ($i ~ /^[0-9]+%$/) { print $(i - 1); exit } }')
  case $freeKb in
    '' | *[!0-9]*) return ;; # not known: what does not fit is told later
  esac
  [ "$freeKb" -ge $((NEEDED_MB * 1024)) ] ||
    fail "the disk with your home folder has $((freeKb / 1024)) MB free, and Rollcall needs $NEEDED_MB MB to be installed."
}

# One installation at a time, in a folder of its own; what a killed one left is removed.
begin() {
  lock=$root/.lock
  local other
  if ! ln -s $$ "$lock" 2>/dev/null; then
    other=$(readlink "$lock" || :)
    if [ -n "$other" ] && kill -0 "$other" 2>/dev/null; then
      fail "another installation is under way (process $other). Wait for it; if there is none, remove $lock."
    fi
    rm -f "$lock"
    ln -s $$ "$lock" || fail "$lock cannot be made."
  fi
  work=$root/.installing
  trap 'rm -rf "$work" "$lock"' EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  rm -rf "$work"
  mkdir -m 700 "$work" || fail "$work cannot be made."
}

# fetch NAME ADDRESS: into $work/NAME
fetch() {
  local name=$1 address=$2 status=0
  case $address in
    https://* | file://*)
      curl -fsSL --proto '=https,file' --connect-timeout 30 --retry 2 -o "$work/$name" "${address%/}/$name" \
        </dev/null 2>"$work/said" || status=$?
      case $status in
        0) ;;
        22 | 37 | 78) fail "${address%/} has no $name. Nothing was changed." ;;
        23) fail "$name does not fit on the disk. Nothing was changed." ;;
        5 | 6 | 7 | 28 | 35 | 52 | 55 | 56)
          fail "${address%/} cannot be reached. Look whether this Mac is online, then run this again. Nothing was changed."
          ;;
        *) fail "$name could not be downloaded from ${address%/} (curl: $status). Nothing was changed." ;;
      esac
      ;;
    *)
      [ -f "$address/$name" ] || fail "there is no $name in $address. Nothing was changed."
      cp "$address/$name" "$work/$name" || fail "$name could not be copied from $address. Nothing was changed."
      ;;
  esac
}

# requireSum NAME SHA256
requireSum() {
  local is
  is=$(shasum -a 256 "$work/$1" | awk '{ print $1 }')
  [ "$is" = "$2" ] || fail "$1 is not what was published: its checksum is another one. Nothing was changed."
}

# unpack NAME FOLDER
unpack() {
  mkdir "$work/$2"
  tar -xzf "$work/$1" -C "$work/$2" 2>"$work/said" || fail "$1 cannot be unpacked. Nothing was changed."
}

# Only Node's program stays: what it brings along is needed once.
fetchNode() {
  local name=node-v$NODE_VERSION-darwin-$cpu sum
  fetch SHASUMS256.txt "${from:-$NODE_ADDRESS}"
  sum=$(awk -v name="$name.tar.gz" '$2 == name { print $1; exit }' "$work/SHASUMS256.txt")
  [ -n "$sum" ] || fail "SHASUMS256.txt has no line for $name.tar.gz. Nothing was changed."
  fetch "$name.tar.gz" "${from:-$NODE_ADDRESS}"
  requireSum "$name.tar.gz" "$sum"
  unpack "$name.tar.gz" unpacked
  brought=$work/unpacked/$name/lib/node_modules/npm/bin/npm-cli.js
  if [ ! -x "$work/unpacked/$name/bin/node" ] || [ ! -f "$brought" ]; then
    fail "$name.tar.gz is no Node. Nothing was changed."
  fi
  mkdir -p "$work/new/node/bin"
  mv "$work/unpacked/$name/bin/node" "$work/new/node/bin/node"
  [ ! -f "$work/unpacked/$name/LICENSE" ] || mv "$work/unpacked/$name/LICENSE" "$work/new/node/LICENSE"
  node=$work/new/node/bin/node
  "$node" --version </dev/null >"$work/said" 2>&1 || fail "Node $NODE_VERSION does not run on this Mac. Nothing was changed."
}

# The package, and what it depends on: exactly what it was tested with (its lock names each file by its hash), and no
# script of any of them is run.
fetchPackage() {
  local name=rollcall-$ROLLCALL_VERSION.tgz package=$work/new/lib/node_modules/rollcall code
  fetch "$name" "$origin"
  [ -z "$PACKAGE_SHA256" ] || requireSum "$name" "$PACKAGE_SHA256"
  unpack "$name" package
  if [ ! -f "$work/package/package/dist/main.js" ] || [ ! -f "$work/package/package/dist/package-lock.json" ]; then
    fail "$name is no package of Rollcall. Nothing was changed."
  fi
  mkdir -p "$work/new/lib/node_modules"
  mv "$work/package/package" "$package"
  cp "$package/dist/package-lock.json" "$package/package-lock.json"
  if ! (
    cd "$package"
    export PATH="$work/new/node/bin:$PATH"
    export npm_config_cache="${npm_config_cache:-$work/cache}"
    "$node" "$brought" ci --omit=dev --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
  ) </dev/null >"$work/said" 2>&1; then
    code=$(sed -n -e 's/^npm error code //p' -e 's/^npm ERR! code //p' "$work/said" | head -n 1)
    case $code in
      ENOTFOUND | EAI_AGAIN | ECONNREFUSED | ECONNRESET | ETIMEDOUT | ENETUNREACH | ERR_SOCKET_TIMEOUT | ENOTCACHED)
        fail "what Rollcall depends on cannot be reached ($code). Look whether this Mac is online, then run this again. Nothing was changed."
        ;;
      EINTEGRITY) fail "something that Rollcall depends on is not what was published ($code). Nothing was changed." ;;
      ENOSPC) fail "what Rollcall depends on does not fit on the disk ($code). Nothing was changed." ;;
      *) fail "what Rollcall depends on could not be installed (${code:-no reason is known}). Nothing was changed." ;;
    esac
  fi
  [ "$("$node" "$package/dist/main.js" --version </dev/null 2>"$work/said" || :)" = "$ROLLCALL_VERSION" ] ||
    fail "Rollcall $ROLLCALL_VERSION does not run on this Mac. Nothing was changed."
}

# Up to the one rename nothing that is there is touched.
makeCurrent() {
  local id old
  id=$ROLLCALL_VERSION-$(date +%Y%m%d%H%M%S)-$$
  old=$(readlink "$root/current" || :)
  mkdir -p "$root/versions"
  mv "$work/new" "$root/versions/$id"
  node=$root/versions/$id/node/bin/node
  ln -s "versions/$id" "$work/current"
  # rename(2): mv would move it into the folder that the old link points to.
  "$node" -e 'require("node:fs").renameSync(process.argv[1], process.argv[2])' "$work/current" "$root/current" ||
    fail "$root/current cannot be replaced. Move it away, then run this again."
  mkdir -p "$root/bin"
  {
    printf '#!/bin/sh\n%s\n' "$MADE_BY"
    printf 'exec %s %s "$@"\n' \
      "$(quoted "$root/current/node/bin/node")" "$(quoted "$root/current/lib/node_modules/rollcall/dist/main.js")"
  } >"$work/rollcall"
  chmod 755 "$work/rollcall"
  mv -f "$work/rollcall" "$root/bin/rollcall"
  replaceEarlierWay
  removeOlder "versions/$id" "$old"
}

# In single quotes for a shell.
quoted() {
  printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"
}

# Where Rollcall was installed without this script, set-ups name its place there: they follow it from now on.
replaceEarlierWay() {
  local package=$root/lib/node_modules/rollcall
  [ -d "$root/lib/node_modules" ] || return 0
  [ ! -L "$package" ] || return 0
  if [ -e "$package" ]; then mv "$package" "$work/replaced"; fi
  ln -s ../../current/lib/node_modules/rollcall "$package"
}

# All but the new one and the one before it, from which something may run still.
removeOlder() {
  local folder
  for folder in "$root"/versions/*; do
    case ${folder#"$root/"} in
      "$1" | "$2") ;;
      *) rm -rf "$folder" ;;
    esac
  done
}

setUpApp() {
  printf 'Rollcall %s is installed in %s.\n' "$ROLLCALL_VERSION" "$root"
  if [ -e "$HOME/Library/LaunchAgents/local.rollcall.watch.plist" ]; then
    printf 'The agent goes on with the version before until you log out.\n'
  fi
  "$root/bin/rollcall" setup app --yes </dev/null ||
    fail "Rollcall is installed, and its app could not be set up. To try it again: ~/.rollcall/bin/rollcall setup app"
}

removeAll() {
  local what said
  if [ ! -e "$root" ]; then
    printf 'There is no %s.\n' "$root"
    return
  fi
  if [ -x "$root/bin/rollcall" ]; then
    # Each of these would start what is gone.
    for what in agent app automator shortcuts; do
      said=$("$root/bin/rollcall" setup "$what" --remove </dev/null) ||
        fail "what rollcall setup $what made could not be removed. Rollcall stays; run this again."
      printf '%s\n' "$said" | grep -v -e '^There was nothing to remove' -e ' stays, ' || :
    done
  fi
  rm -f "$root/current"
  if isOurs "$root/bin/rollcall"; then rm -f "$root/bin/rollcall"; fi
  if [ -e "$root/lib/node_modules/rollcall" ] || [ -L "$root/lib/node_modules/rollcall" ]; then
    rm -rf "$root/lib/node_modules/rollcall"
  fi
  if [ -L "$root/share/man/man1/rollcall.1" ]; then rm -f "$root/share/man/man1/rollcall.1"; fi
  rm -rf "$root/versions" "$root/.installing" "$root/.lock"
  for what in bin lib/node_modules lib share/man/man1 share/man share ''; do
    rmdir "$root${what:+/$what}" 2>/dev/null || :
  done
  if [ -e "$root" ]; then
    printf 'Removed what Rollcall had in %s. The rest of it is not of this installer.\n' "$root"
  else
    printf 'Removed %s\n' "$root"
  fi
  printf 'What stays:\n  your photos, in Photos and on the iPhone\n'
  for what in "${ROLLCALL_HOME:-$HOME/Library/Application Support/Rollcall}" "$HOME/Pictures/Rollcall"; do
    if [ -e "$what" ]; then printf '  %s\n' "$what"; fi
  done
  printf '  shortcuts that you added in the Shortcuts app, and an icon in the Dock: drag it out\n'
}

# The file of this script, or a link as an installation without it makes.
isOurs() {
  [ -L "$1" ] || { [ -f "$1" ] && grep -q "^$MADE_BY" "$1"; }
}

main "$@"
