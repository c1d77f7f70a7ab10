#!/usr/bin/env bash
# Builds the release, split and compressed: target/release/keepwell and target/site. Does nothing when up to date.
. "$(dirname "$0")/env.sh"

stamp=target/.release-built
inputs=(Cargo.toml Cargo.lock .cargo rust-toolchain.toml tools/build.sh tools/bin domain db app server frontend migrations style public)

up_to_date() {
  [ -f "$stamp" ] && [ -x target/release/keepwell ] && [ -f target/release/hash.txt ] && [ -d target/site/pkg ] &&
    [ -z "$(find "${inputs[@]}" -newer "$stamp" -print -quit 2>&1)" ]
}

if up_to_date; then
  say "target/release/keepwell and target/site are up to date"
  exit 0
fi

# The time is taken before the build, so that a file changed meanwhile is built the next time.
mkdir -p target
touch "$stamp.started"
rm -f "$stamp"
# The browser's half is one long thread at its end. Meanwhile the server's half is compiled beside it, in the very way
# cargo-leptos asks for, which then finds it done; what is wrong with it is said there.
cargo build --package=server --bin=keepwell --no-default-features --release --quiet 2>target/server-build.log &
beside=$!
trap 'kill "$beside" 2>/dev/null || true' EXIT
cargo leptos build --release --split -P || fail "the release build failed (see above)." \
  "Crates come from crates.io; everything else was installed by \`make setup\`."
wait "$beside" || true
# cargo-leptos has been seen to end well after a failed half; what counts is what is there.
if [ ! -x target/release/keepwell ] || [ ! -f target/release/hash.txt ] || ! ls target/site/pkg/*.wasm >/dev/null 2>&1; then
  fail "the release build ended without a binary or without target/site/pkg/*.wasm."
fi
mv "$stamp.started" "$stamp"
