#!/usr/bin/env bash
# Builds the release, split and compressed: target/release/keepwell and target/site. Does nothing when up to date.
. "$(dirname "$0")/env.sh"

stamp=target/.release-built
inputs=(Cargo.toml Cargo.lock .cargo rust-toolchain.toml tools/build.sh tools/site.mjs tools/bundle
  domain db app server frontend migrations style public)

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

crates="Crates come from crates.io, npm packages from the npm registry; the rest was installed by \`make setup\`."
# The browser's half is one long thread at its end. Meanwhile the server's half is compiled beside it, in a folder of its
# own. What cuts the program into pieces wants to know where its parts came from, which is the linker's --emit-relocs.
cargo build --quiet -p frontend --lib --profile wasm-release --target wasm32-unknown-unknown \
  --target-dir target/front --config 'target.wasm32-unknown-unknown.rustflags=["-Clink-args=--emit-relocs"]' \
  2>target/front-build.log &
front=$!
trap 'kill "$front" 2>/dev/null || true' EXIT
cargo build --quiet --release -p bundle || fail "the tool of the build could not be compiled (see above)." "$crates"
cargo build --quiet --release -p server || fail "the server's half could not be compiled (see above)." "$crates"
if ! wait "$front"; then
  cat target/front-build.log >&2
  fail "the browser's half could not be compiled (see above)." "$crates"
fi
trap - EXIT
node tools/site.mjs target/front/wasm32-unknown-unknown/wasm-release/frontend.wasm target/site target/release ||
  fail "the browser's half could not be put together (see above)." "$crates"
mv "$stamp.started" "$stamp"
