#!/usr/bin/env bash
# Finds a Chromium for the browser tests, and installs Debian's where that is allowed.
. "$(dirname "$0")/env.sh"

# Prints the browser the tests would use. Ubuntu's placeholder for a snap is there but does not run, so it is asked.
find_browser() {
  local name
  for name in ${chromium:-chromium-headless-shell /usr/bin/chromium chromium chromium-browser google-chrome-stable google-chrome}; do
    if have "$name" && "$name" --version >/dev/null 2>&1; then
      command -v "$name"
      return 0
    fi
  done
  return 1
}

if [ -n "$chromium" ] && ! find_browser >/dev/null; then
  fail "KEEPWELL_CHROMIUM=$chromium does not run."
fi
# The same Chromium without windows does a fifth more tests in the same time.
if [ -z "$chromium" ] && ! have chromium-headless-shell && can_install_packages; then
  say "installing Debian's chromium-headless-shell"
  install_packages chromium-headless-shell || say "apt-get could not install it (from Debian's package archive)"
fi
if ! find_browser >/dev/null && can_install_packages; then
  say "installing Debian's chromium"
  install_packages chromium || fail "apt-get could not install chromium." \
    "It comes from Debian's package archive: is it reachable from here?"
fi
found=$(find_browser) || fail "no Chromium found for the browser tests." \
  "Debian: apt-get install chromium (as root)" \
  "Or name one that is installed: KEEPWELL_CHROMIUM=/path/to/chrome make test"
say "$("$found" --version 2>/dev/null) at $found"
mkdir -p target
printf '%s\n' "$found" >target/.chromium
