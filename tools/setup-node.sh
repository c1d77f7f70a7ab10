#!/usr/bin/env bash
# Checks Node and installs the npm packages: what makes files small for the build, Playwright and axe for the tests.
. "$(dirname "$0")/env.sh"

have node || fail "Node is not installed; version 20 or newer is needed." "Debian or Ubuntu: apt-get install nodejs npm"
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 20 ] || fail "Node $(node --version) is too old; version 20 or newer is needed." "https://nodejs.org"
have npm || fail "npm is not installed." "Debian or Ubuntu: apt-get install npm"

stamp=end2end/node_modules/.keepwell
wanted=$(cat end2end/package-lock.json end2end/package.json | cksum)
if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
  say "npm packages are there (Node $(node --version))"
  exit 0
fi

# The browser of the tests is Debian's Chromium, so Playwright need not bring its own.
(cd end2end && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) ||
  fail "the npm packages could not be installed." \
    "They come from the npm registry ($(npm config get registry 2>/dev/null)): is it reachable from here?"
printf '%s\n' "$wanted" >"$stamp"
