#!/usr/bin/env bash
# Lighthouse's four scores for one page: tools/lighthouse.sh [URL]. Kept out of end2end because of its size.
# With KEEPWELL_EMAIL and KEEPWELL_PASSWORD it signs in first, which the pages behind the sign-in need.
. "$(dirname "$0")/env.sh"

version=12.8.2
home=$tools/lighthouse-$version
page=${1:-http://127.0.0.1:3000/sign-in}
browser=${KEEPWELL_CHROMIUM:-/usr/bin/chromium}

if [ ! -x "$home/node_modules/.bin/lighthouse" ]; then
  say "installing lighthouse $version from the npm registry, once per machine (kept in $home)"
  npm install --prefix "$home" --ignore-scripts --no-audit --no-fund --loglevel=error "lighthouse@$version" ||
    fail "lighthouse could not be installed." "It comes from the npm registry: is it reachable from here?"
fi

headers='{}'
if [ -n "${KEEPWELL_EMAIL:-}" ]; then
  origin=$(printf '%s' "$page" | cut -d/ -f1-3)
  cookie=$(curl -sS -o /dev/null -D - -H "Origin: $origin" --data-urlencode "email=$KEEPWELL_EMAIL" \
    --data-urlencode "password=${KEEPWELL_PASSWORD:-}" "$origin/api/fn/identity/server_fns/sign_in" |
    sed -n 's/^set-cookie: \([^;]*\).*/\1/Ip' | head -1)
  [ -n "$cookie" ] || fail "signing in as $KEEPWELL_EMAIL did not work." "Are KEEPWELL_EMAIL and KEEPWELL_PASSWORD right?"
  headers="{\"Cookie\":\"$cookie\"}"
fi

mkdir -p target/lighthouse
CHROME_PATH=$browser "$home/node_modules/.bin/lighthouse" "$page" --quiet \
  --chrome-flags="--headless=new --no-sandbox --disable-background-networking --disable-component-update" \
  --output=html --output=json --output-path=target/lighthouse/report \
  --extra-headers="$headers"
node -e '
  const report = JSON.parse(require("fs").readFileSync("target/lighthouse/report.report.json", "utf8"));
  for (const category of Object.values(report.categories)) {
    console.log(`    ${String(Math.round(category.score * 100)).padStart(3)}  ${category.title}`);
  }
  for (const id of ["largest-contentful-paint", "total-byte-weight", "total-blocking-time", "cumulative-layout-shift"]) {
    console.log(`    ${report.audits[id].title}: ${report.audits[id].displayValue}`);
  }'
say "target/lighthouse/report.report.html"
