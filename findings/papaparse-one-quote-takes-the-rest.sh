#!/usr/bin/env bash
# papaparse puts the rest of the file into one cell when text stands behind a closing quote
#
# Guessed: one row is damaged and told; the rows behind it are read.
# Seen: the cell goes on over line ends to the next quote that stands before a delimiter, or to the end: of three rows
#   one is left. The errors are in `errors`; `data` alone looks like a table.
# Why care: a single "5" nail" written by hand costs every row behind it. Refuse a result whose errors have the code
#   InvalidQuotes or MissingQuotes; counting rows does not help.
# Needs: node and npm.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --ignore-scripts --silent papaparse@5.7.1

cat >run.mjs <<'JS'
import Papa from 'papaparse';
const { data, errors } = Papa.parse('id,title\n1,"5"x nail\n2,b\n3,c\n', { header: true });
console.log('rows  ', JSON.stringify(data));
console.log('errors', errors.map(({ code, row }) => `${code} in row ${row}`).join(', '));
JS
node -p '"papaparse " + require("papaparse/package.json").version'
node run.mjs >now

cat >as-seen <<'END'
rows   [{"id":"1","title":"5\"x nail\n2,b\n3,c\n"}]
errors InvalidQuotes in row 1, MissingQuotes in row 1
END
cat now
diff -u as-seen now && echo 'as seen before'
