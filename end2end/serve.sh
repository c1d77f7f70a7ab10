#!/usr/bin/env bash
# Serves a fresh database with demo data for the browser tests, and removes it at the end: ./serve.sh sqlite|postgres
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

engine=$1
keepwell=${KEEPWELL_BIN:-target/release/keepwell}
[ -x "$keepwell" ] || { echo "$keepwell is missing: run \`make e2e\`, which builds it" >&2; exit 1; }

folder=$(mktemp -d "${TMPDIR:-/tmp}/keepwell-e2e.XXXXXX")
database=keepwell_e2e_$$
server=

stop() {
  trap - EXIT
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  if [ "$engine" = postgres ]; then
    psql -w -Xq "$KEEPWELL_TEST_POSTGRES" -c "drop database if exists $database with (force)" || true
  fi
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 0' INT TERM

case $engine in
  sqlite) export KEEPWELL_DATABASE_URL=sqlite://$folder/keepwell.db ;;
  postgres)
    psql -w -Xq "$KEEPWELL_TEST_POSTGRES" -c "create database $database"
    # The same address with the last part, the name of the database, exchanged.
    options=
    [[ $KEEPWELL_TEST_POSTGRES != *\?* ]] || options="?${KEEPWELL_TEST_POSTGRES#*\?}"
    export KEEPWELL_DATABASE_URL=${KEEPWELL_TEST_POSTGRES%%\?*}
    KEEPWELL_DATABASE_URL=${KEEPWELL_DATABASE_URL%/*}/$database$options
    ;;
esac
# Port 0: whichever is free, as nothing here asks for the figures of the server.
export KEEPWELL_ADMIN_LISTEN=${KEEPWELL_ADMIN_LISTEN:-127.0.0.1:0}

# Where story.spec.ts serves feeds and websites of its own, without TLS and with, and where signals.spec.ts does.
export KEEPWELL_EGRESS_ALLOW=127.0.0.1:3190,127.0.0.1:3191,127.0.0.1:3192,127.0.0.1:3193,127.0.0.1:3194,127.0.0.1:3195

# Where import_schedules.spec.ts puts files.
export KEEPWELL_IMPORTS=$PWD/target/end2end/imports-$engine
mkdir -p "$KEEPWELL_IMPORTS"

"$keepwell" demo --accounts "${E2E_ACCOUNTS:-200}"
for person in $E2E_PEOPLE; do
  printf '%s\n' "$E2E_PASSWORD" |
    "$keepwell" user create --email "${person#*=}" --role "${person%%=*}" --password-stdin
done

# What the server says while the tests run is kept in a file; it is shown only when the server ends by itself.
mkdir -p target/end2end
log=target/end2end/$engine.log
"$keepwell" serve >"$log" 2>&1 &
server=$!
wait "$server" || status=$?
tail -n 40 "$log" >&2
echo "keepwell serve ended by itself (exit code ${status:-0}); all it said is in $log" >&2
exit 1
