#!/usr/bin/env bash
# csv-stringify writes false as an empty cell, and a Date as milliseconds
#
# Guessed: false is false, a Date is ISO 8601, and quoted: true quotes every cell.
# Seen: true is 1, false is an empty cell, the same as null; a Date is its milliseconds since 1970. quoted: true
#   leaves empty cells unquoted.
# Why care: a "no" and "unknown" are the same in the file, and no spreadsheet knows the dates. Name a cast for boolean
#   and date.
# Needs: node and npm.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --ignore-scripts --silent csv-stringify@6.9.0

cat >run.mjs <<'JS'
import { stringify } from 'csv-stringify/sync';
const row = [true, false, null, new Date('2027-03-01T08:00:00Z')];
const cast = { boolean: String, date: (date) => date.toISOString() };
console.log('by default    ', JSON.stringify(stringify([row])));
console.log('quoted: true  ', JSON.stringify(stringify([row], { quoted: true })));
console.log('with cast     ', JSON.stringify(stringify([row], { cast })));
JS
node -p '"csv-stringify " + JSON.parse(require("fs").readFileSync("node_modules/csv-stringify/package.json")).version'
node run.mjs >now

cat >as-seen <<'END'
by default     "1,,,1803888000000\n"
quoted: true   "\"1\",,,\"1803888000000\"\n"
with cast      "true,false,,2027-03-01T08:00:00.000Z\n"
END
cat now
diff -u as-seen now && echo 'as seen before'
