#!/usr/bin/env bash
# Finds LibreOffice for `make office`, and installs Debian's where that is allowed.
. "$(dirname "$0")/env.sh"

if ! have soffice && can_install_packages; then
  say "installing Debian's libreoffice-calc"
  install_packages libreoffice-calc || say "apt-get could not install it (from Debian's package archive)"
fi
have soffice || fail "LibreOffice was not found." "Debian: apt-get install libreoffice-calc (as root)"
say "$(soffice --version 2>/dev/null)"
