#!/usr/bin/env bash
# Runs a cargo command with clippy as the compiler of Keepwell's own crates, whose warnings are errors: one compilation
# gives the lints and the programs of the tests, instead of two of every crate there is. What clippy compiles is good for
# tests only; what people run is built without it.
. "$(dirname "$0")/env.sh"
export RUSTC_WORKSPACE_WRAPPER=clippy-driver
export CLIPPY_ARGS=-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__
exec "$@"
