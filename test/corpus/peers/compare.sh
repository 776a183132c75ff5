#!/usr/bin/env bash
# Shows what csv-parse, papaparse and fast-csv make of the cases of cases.ts, of csv-spectrum, and of the tests that papaparse
# ships, wherever this reader differs from one of them. Installs pinned versions into a temporary folder; needs `npm ci` here.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export ROOT=$here/../../..
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/compare.mjs" "$work"
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --ignore-scripts --silent csv-parse@7.0.3 papaparse@5.7.1 fast-csv@5.0.8 csv-spectrum@2.0.0
"$ROOT/node_modules/.bin/node" compare.mjs
