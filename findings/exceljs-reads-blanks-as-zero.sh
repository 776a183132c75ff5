#!/usr/bin/env bash
# exceljs reads a CSV cell of blanks as the number 0, and 0x10 as 16
#
# Guessed: text that is no plain decimal number stays text.
# Seen: each cell goes through Number(): a cell of blanks is 0, 0x10 is 16, 0b11 is 3, 00042 is 42.
# Why care: a column of notes or codes gets zeros that nobody wrote. Give csv.read a map that returns its value as it
#   is.
# Needs: node and npm.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --ignore-scripts --silent exceljs@4.4.0

cat >run.mjs <<'JS'
import { Readable } from 'node:stream';
import ExcelJS from 'exceljs';
const text = 'code\n"   "\n0x10\n0b11\n00042\n';
const values = async (options) => {
  const sheet = await new ExcelJS.Workbook().csv.read(Readable.from([text]), options);
  return JSON.stringify(sheet.getColumn(1).values.slice(2));
};
console.log('by default       ', await values());
console.log('map: same value  ', await values({ map: (value) => value }));
JS
node -p '"exceljs " + require("exceljs/package.json").version'
node run.mjs >now

cat >as-seen <<'END'
by default        [0,16,3,42]
map: same value   ["   ","0x10","0b11","00042"]
END
cat now
diff -u as-seen now && echo 'as seen before'
