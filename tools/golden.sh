#!/usr/bin/env bash
# Evaluates ten thousand seeded cases as WebAssembly and stops unless their hash is the one that the server has.
# The same cases run natively with `cargo test -p domain --test golden`.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --quiet --package domain --example golden --target wasm32-unknown-unknown
exec node tools/golden.mjs "${CARGO_TARGET_DIR:-target}/wasm32-unknown-unknown/debug/examples/golden.wasm"
