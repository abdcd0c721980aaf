# shellcheck shell=bash
# What has to be on the machine, and getting what is missing. Sourced by the scripts beside this folder.

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$(basename "$0"): $*"
  exit 1
}

# Ends with one sentence unless a Swift toolchain that is new enough is there.
require_swift() {
  command -v swift >/dev/null 2>&1 ||
    die "Swift 6.2 or later is needed: see https://www.swift.org/install (or use swiftly, described there)."
  local version
  version=$(swift_version)
  if [ -z "$version" ]; then
    # On a bare system the toolchain lacks libraries of its own.
    ensure_packages_for_building
    version=$(swift_version)
    [ -n "$version" ] || die "Swift cannot be started: $(swift --version 2>&1 | head -n 1)"
  fi
  case $version in
    [0-5].* | 6.[01])
      die "Swift 6.2 or later is needed, this is $version: see https://www.swift.org/install." ;;
  esac
}

swift_version() {
  { swift --version 2>/dev/null || true; } | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1
}

# How the program is built for use. Linked statically it starts in 8 ms instead of 14, and runs without the toolchain.
# Every script must use these, or each of them would build everything again.
release_flags=(-c release --product deepcritic)
[ "$(uname -s)" != Linux ] || release_flags+=(--static-swift-stdlib)

# Whether a C header is where the compiler looks for it.
has_header() {
  local folder
  for folder in /usr/include /usr/include/"$(uname -m)"-linux-gnu /usr/local/include; do
    [ -e "$folder/$1" ] && return 0
  done
  return 1
}

# The packages without which the program cannot be built, as far as they are missing.
# The wide-character headers of ncurses are in libncursesw5-dev, on newer releases in libncurses-dev alone.
missing_for_building() {
  has_header ncurses.h ||
    if apt-cache show libncursesw5-dev >/dev/null 2>&1; then echo libncursesw5-dev; else echo libncurses-dev; fi
  has_header sqlite3.h || echo libsqlite3-dev
  has_header zlib.h || echo zlib1g-dev
  has_header openssl/sha.h || echo libssl-dev
  has_header stdlib.h || echo libc6-dev
  compgen -G '/usr/include/c++/*/string' >/dev/null || echo g++
  command -v git >/dev/null 2>&1 || echo git
  [ -e /etc/ssl/certs/ca-certificates.crt ] || echo ca-certificates
  missing_for_toolchain
}

# The packages with shared libraries that the Swift toolchain lacks. (Its installer asks for them; an unpacked archive
# or a container image may come without.)
missing_for_toolchain() {
  local folder library
  command -v swift >/dev/null 2>&1 || return 0
  folder=$(dirname "$(readlink -f "$(command -v swift)")")
  for library in $(ldd "$folder"/{swift-build,swift-frontend,swift-driver,clang,lld} 2>/dev/null |
    sed -n 's/^[[:space:]]*\(lib[^ ]*\) => not found.*/\1/p' | sort -u); do
    case $library in
      libcurl.so.4) echo libcurl4 ;;
      libxml2.so.2) echo libxml2 ;;
      libedit.so.2) echo libedit2 ;;
      libncurses.so.6 | libtinfo.so.6) echo libncurses6 ;;
      libz.so.1) echo zlib1g ;;
      libuuid.so.1) echo libuuid1 ;;
      libsqlite3.so.0) echo libsqlite3-0 ;;
      libatomic.so.1) echo libatomic1 ;;
    esac
  done | sort -u
}

missing_for_testing() {
  command -v tmux >/dev/null 2>&1 || echo tmux
  command -v python3 >/dev/null 2>&1 || echo python3
}

# The packages that only some tests need. Not every system has all of them.
missing_for_some_tests() {
  command -v asciinema >/dev/null 2>&1 || echo asciinema
  command -v rsvg-convert >/dev/null 2>&1 || echo librsvg2-bin
  command -v ffmpeg >/dev/null 2>&1 || echo ffmpeg
  command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || echo chromium
}

missing_for_packaging() {
  command -v dpkg-shlibdeps >/dev/null 2>&1 || echo dpkg-dev
  command -v rsync >/dev/null 2>&1 || echo rsync
  command -v python3 >/dev/null 2>&1 || echo python3
  command -v xz >/dev/null 2>&1 || echo xz-utils
}

# What scripts/package --check looks with.
missing_for_checking_packages() {
  local tool
  for tool in debootstrap lintian mandoc; do command -v "$tool" >/dev/null 2>&1 || echo "$tool"; done
}

# Installs the packages named, saying so; or says the one command that does.
install_packages() {
  [ $# -gt 0 ] || return 0
  local command="apt-get install -y --no-install-recommends $*"
  if ! command -v apt-get >/dev/null 2>&1; then
    die "these are missing and this system has no apt-get: $*. Install them with your package manager."
  fi
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    # Without a terminal sudo must not wait for a password.
    if command -v sudo >/dev/null 2>&1 && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
      as_root=(sudo)
    else
      die "these packages are missing: $*. Run this as root: apt-get update && $command"
    fi
  fi
  say "Installing system packages: $*"
  local log
  log=$(mktemp)
  # A new machine has no package lists yet: then the first attempt fails.
  if ! {
    apt_get "$@" || { "${as_root[@]}" apt-get update && apt_get "$@"; }
  } >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    rm -f "$log"
    die "the packages could not be installed. Run this as root: apt-get update && $command"
  fi
  rm -f "$log"
}

apt_get() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

# shellcheck disable=SC2046 # Package names hold no blanks.
ensure_packages_for_building() { [ "$(uname -s)" != Linux ] || install_packages $(missing_for_building); }

# shellcheck disable=SC2046
ensure_packages_for_testing() { install_packages $(missing_for_building; missing_for_testing); }

# Installs the packages named as far as possible, and says which are left out.
try_packages() {
  local package
  for package in "$@"; do
    (install_packages "$package") || say "$package is not installed: what needs it is skipped."
  done
}

# shellcheck disable=SC2046
try_packages_for_testing() { try_packages $(missing_for_some_tests); }
