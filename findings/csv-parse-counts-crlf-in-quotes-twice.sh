#!/usr/bin/env bash
# csv-parse counts a CRLF inside quotes as two lines
#
# Guessed: info.lines is the line of a text editor, whatever the line ends are.
# Seen: LF in a quoted cell is one line more, CRLF is two, also when records end with CRLF.
# Why care: a message "error in line N" leads to another row as soon as a file of Windows has a line end in a cell,
#   and further off with each of them.
# Needs: node and npm.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --ignore-scripts --silent csv-parse@7.0.3

cat >run.mjs <<'JS'
import { parse } from 'csv-parse/sync';
const lines = (text) => parse(text, { info: true }).map(({ info }) => info.lines).join(' ');
console.log('LF   ', lines('a,"x\ny"\nb,c\nd,e\n'));
console.log('CRLF ', lines('a,"x\r\ny"\r\nb,c\r\nd,e\r\n'));
JS
node -p '"csv-parse " + JSON.parse(require("fs").readFileSync("node_modules/csv-parse/package.json")).version'
node run.mjs >now

cat >as-seen <<'END'
LF    2 3 4
CRLF  3 4 5
END
cat now
diff -u as-seen now && echo 'as seen before'
