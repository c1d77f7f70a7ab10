#!/usr/bin/env bash
# Checks the C compiler and the pinned Rust toolchain, and adds the WebAssembly target.
. "$(dirname "$0")/env.sh"

if ! have cc && ! have gcc && ! have clang; then
  fail "no C compiler found: the embedded database is compiled from C." \
    "Debian or Ubuntu: apt-get install build-essential"
fi
have cargo || fail "cargo not found: Keepwell is built with Rust." "Install it from https://rustup.rs"

# rustup fetches the toolchain that rust-toolchain.toml names at the first call, if it is missing.
rustc --version >/dev/null || fail "the Rust toolchain of rust-toolchain.toml could not be used." \
  "It is fetched by rustup from static.rust-lang.org."

has_target() { ls "$(rustc --print target-libdir --target wasm32-unknown-unknown 2>/dev/null)"/libstd-*.rlib >/dev/null 2>&1; }
if ! has_target; then
  have rustup || fail "the Rust target wasm32-unknown-unknown is missing and there is no rustup to add it." \
    "Install Rust from https://rustup.rs"
  rustup target add wasm32-unknown-unknown || fail "rustup could not fetch the target wasm32-unknown-unknown." \
    "It comes from Rust's own registry, static.rust-lang.org: is it reachable from here?"
fi
for part in rustfmt clippy; do
  cargo "${part/rustfmt/fmt}" --version >/dev/null 2>&1 || rustup component add "$part" ||
    fail "rustup could not fetch $part." "It comes from Rust's own registry, static.rust-lang.org."
done
say "$(rustc --version), target wasm32-unknown-unknown"
