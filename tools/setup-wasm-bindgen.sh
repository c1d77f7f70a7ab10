#!/usr/bin/env bash
# Installs wasm-bindgen in the version that Cargo.lock names.
. "$(dirname "$0")/env.sh"

current() { wasm-bindgen --version 2>/dev/null | awk '{ print $2 }'; }

if [ "$(current)" = "$wasm_bindgen_version" ]; then
  say "wasm-bindgen $wasm_bindgen_version is there: $(command -v wasm-bindgen)"
  exit 0
fi

say "compiling wasm-bindgen $wasm_bindgen_version from crates.io: about 4 minutes on two cores, once per machine"
say "(kept in $bindgen_home)"
# Not --locked: the lock file of this release names a version of webpki-roots that crates.io does not serve.
CARGO_TARGET_DIR=$tools/compiling/wasm-bindgen CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
  cargo install --root "$bindgen_home" "wasm-bindgen-cli@$wasm_bindgen_version" ||
  fail "wasm-bindgen-cli $wasm_bindgen_version could not be installed." \
    "It is compiled from crates.io: is index.crates.io reachable from here?" \
    "By hand: cargo install wasm-bindgen-cli@$wasm_bindgen_version"
rm -rf "$tools/compiling/wasm-bindgen"
