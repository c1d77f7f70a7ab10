#!/usr/bin/env bash
# Installs the pinned cargo-leptos, which builds server and browser halves together.
. "$(dirname "$0")/env.sh"

current() { cargo-leptos --version 2>/dev/null | awk '{ print $NF }'; }

if [ "$(current)" = "$cargo_leptos_version" ]; then
  say "cargo-leptos $cargo_leptos_version is there: $(command -v cargo-leptos)"
  exit 0
fi

# cargo binstall fetches finished programs from GitHub, which is none of the usual package registries.
# So it is used only by whoever allows it; everybody else compiles once, from crates.io.
if [ "${KEEPWELL_BINSTALL:-}" = 1 ] && cargo binstall -V >/dev/null 2>&1; then
  say "cargo-leptos $cargo_leptos_version by cargo binstall (KEEPWELL_BINSTALL=1)"
  if cargo binstall --no-confirm --root "$leptos_home" "cargo-leptos@$cargo_leptos_version"; then exit 0; fi
  say "cargo binstall did not manage it; compiling instead"
fi

say "compiling cargo-leptos $cargo_leptos_version from crates.io: about 10 minutes on two cores, once per machine"
say "(kept in $leptos_home)"
# Without link-time optimisation it compiles three times faster; it is a tool, its own speed does not matter.
# The target folder is kept until the end, so that an interrupted run goes on where it stopped.
CARGO_TARGET_DIR=$tools/compiling/cargo-leptos \
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
  cargo install --root "$leptos_home" "cargo-leptos@$cargo_leptos_version" --locked --features no_downloads ||
  fail "cargo-leptos $cargo_leptos_version could not be installed." \
    "It is compiled from crates.io: is index.crates.io reachable from here?" \
    "By hand: cargo install cargo-leptos@$cargo_leptos_version --locked --features no_downloads"
rm -rf "$tools/compiling/cargo-leptos"
