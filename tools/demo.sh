#!/usr/bin/env bash
# Serves a fresh portfolio of made-up customers: tools/demo.sh [number of accounts]. What was there before is removed.
. "$(dirname "$0")/env.sh"
folder=$root/target/demo
rm -rf "$folder"
mkdir -p "$folder"
export KEEPWELL_DATABASE_URL=sqlite://$folder/keepwell.db
target/release/keepwell demo --accounts "${1:-200}"
exec target/release/keepwell serve
