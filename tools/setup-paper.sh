#!/usr/bin/env bash
# Finds poppler's pdftoppm for `make paper`, and installs Debian's where that is allowed.
. "$(dirname "$0")/env.sh"

if ! have pdftoppm && can_install_packages; then
  say "installing Debian's poppler-utils"
  install_packages poppler-utils || say "apt-get could not install it (from Debian's package archive)"
fi
have pdftoppm || fail "pdftoppm was not found." "Debian: apt-get install poppler-utils (as root)"
say "$(pdftoppm -v 2>&1 | head -n 1)"
