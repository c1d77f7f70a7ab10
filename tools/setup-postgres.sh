#!/usr/bin/env bash
# Finds a PostgreSQL server for the tests, and installs or starts Debian's where that is allowed.
# Writes its address to target/.postgres, or `off` when the PostgreSQL half of the tests cannot run here.
. "$(dirname "$0")/env.sh"
mkdir -p target

# Without TLS, which nobody needs to reach this very machine: its handshake took most of the time of the tests.
usual=postgres://postgres@127.0.0.1:5432/postgres?sslmode=disable
own=postgres://keepwell_test:keepwell_test@127.0.0.1:5432/postgres?sslmode=disable

answers() { PGCONNECT_TIMEOUT=3 psql -w -XAtq "$1" -c 'select 1' >/dev/null 2>&1; }

use() {
  printf '%s\n' "$1" >target/.postgres
  say "PostgreSQL $(psql -w -XAtq "$1" -c 'show server_version') answers at $(sed 's|//[^/]*@|//|' <<<"$1")"
  exit 0
}

try_all() {
  local url
  for url in ${KEEPWELL_TEST_POSTGRES:-$usual $own postgres:///postgres}; do
    if answers "$url"; then use "$url"; fi
  done
}

# Starts every cluster that Debian's packages have made; works in a container without systemd, too.
start_clusters() {
  have pg_lsclusters || return 0
  pg_lsclusters -h | while read -r version name _ status _; do
    [[ $status == online* ]] || as_root pg_ctlcluster --skip-systemctl-redirect "$version" "$name" start || true
  done
}

# A fresh Debian server lets nobody in by password; this role is for the tests alone.
make_role() {
  as_root su postgres -c "psql -XAtq" >/dev/null <<'SQL' || true
do $$ begin
  create role keepwell_test login createdb createrole password 'keepwell_test';
exception when duplicate_object then null; end $$;
SQL
}

if [ "${KEEPWELL_TEST_POSTGRES:-}" != off ]; then
  if have psql; then try_all; fi
  if [ -z "${KEEPWELL_TEST_POSTGRES:-}" ] && can_install_packages; then
    if ! have psql || ! have pg_lsclusters; then
      say "installing Debian's postgresql"
      install_packages postgresql postgresql-client ||
        say "apt-get could not install postgresql (from Debian's package archive)"
    fi
    start_clusters
    for _ in 1 2 3 4 5 6 7 8 9 10; do
      if have pg_isready && pg_isready -q -h 127.0.0.1; then break; fi
      sleep 1
    done
    if have psql; then
      try_all
      make_role
      try_all
    fi
  fi
fi

if [ "${CI:-}" = true ]; then
  fail "no PostgreSQL server answers, and CI must not skip the PostgreSQL half of the tests." \
    "Name one with KEEPWELL_TEST_POSTGRES=postgres://user:password@host/database (psql must be installed)."
fi
printf 'off\n' >target/.postgres
say "SKIPPED: no PostgreSQL server answers, so the PostgreSQL half of the tests will not run."
say "To run it: apt-get install postgresql (as root), or set KEEPWELL_TEST_POSTGRES=postgres://user:password@host/database"
