#!/usr/bin/env bash
# Lighthouse's four scores for one page: tools/lighthouse.sh [URL]. Kept out of end2end because of its size.
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

mkdir -p target/lighthouse
CHROME_PATH=$browser "$home/node_modules/.bin/lighthouse" "$page" --quiet \
  --chrome-flags="--headless=new --no-sandbox --disable-background-networking --disable-component-update" \
  --output=html --output=json --output-path=target/lighthouse/report
node -e '
  const report = JSON.parse(require("fs").readFileSync("target/lighthouse/report.report.json", "utf8"));
  for (const category of Object.values(report.categories)) {
    console.log(`    ${String(Math.round(category.score * 100)).padStart(3)}  ${category.title}`);
  }
  for (const id of ["largest-contentful-paint", "total-byte-weight", "total-blocking-time", "cumulative-layout-shift"]) {
    console.log(`    ${report.audits[id].title}: ${report.audits[id].displayValue}`);
  }'
say "target/lighthouse/report.report.html"
