#!/usr/bin/env bash
# Runs one command of the tests with the PostgreSQL server and the browser that the setup has found.
. "$(dirname "$0")/env.sh"

# `off` tells the database tests to leave out their PostgreSQL half.
KEEPWELL_TEST_POSTGRES=$(cat target/.postgres 2>/dev/null || echo off)
KEEPWELL_CHROMIUM=$(cat target/.chromium 2>/dev/null || echo "${chromium:-/usr/bin/chromium}")
export KEEPWELL_TEST_POSTGRES KEEPWELL_CHROMIUM
exec "$@"
