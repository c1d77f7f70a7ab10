# Sourced by every script here: where the repository is, which tools it wants, and where they are kept.
# shellcheck shell=bash
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

cargo_leptos_version=0.3.10
# The command line tool must be the very version the library has, or the browser refuses the build.
wasm_bindgen_version=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/"/, "", $3); print $3; exit }' Cargo.lock)
chromium=${KEEPWELL_CHROMIUM:-}

# One cache for every clone of the repository, one folder per version: nothing of the user's own is replaced.
tools=${KEEPWELL_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/keepwell/tools}
leptos_home=$tools/cargo-leptos-$cargo_leptos_version
bindgen_home=$tools/wasm-bindgen-$wasm_bindgen_version

export PATH="$root/end2end/node_modules/.bin:$leptos_home/bin:$bindgen_home/bin:$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"

# RUSTFLAGS in the environment would silently replace the flags of .cargo/config.toml and rebuild everything.
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS

say() { printf '    %s\n' "$*"; }

# Stops with one reason and, on further lines, what to do about it.
fail() {
  printf '\nerror: %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '       %s\n' "$@" >&2
  printf '\n' >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

can_install_packages() { have apt-get && { [ "$(id -u)" = 0 ] || { have sudo && sudo -n true 2>/dev/null; }; }; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

# Installs Debian packages; the package lists are fetched only when the first attempt needs them.
install_packages() {
  local log
  log=$(mktemp)
  for attempt in cached refreshed; do
    [ "$attempt" = cached ] || as_root apt-get update >>"$log" 2>&1 || true
    if as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >>"$log" 2>&1; then
      rm -f "$log"
      return 0
    fi
  done
  tail -n 15 "$log" >&2
  rm -f "$log"
  return 1
}
