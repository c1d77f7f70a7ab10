#!/usr/bin/env bash
# Builds on every change and reloads the page. Has its own target folder: the watch build is compiled with other
# settings than the release, and the two would rebuild each other's dependencies.
. "$(dirname "$0")/env.sh"
export CARGO_TARGET_DIR=$root/target/watch LEPTOS_SITE_ROOT=target/watch/site LEPTOS_HASH_FILES=false
exec cargo leptos watch -- serve --demo-if-empty
