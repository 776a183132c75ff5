#!/usr/bin/env bash
# xlsx2csv writes the quotes of a date format into the cell, and no milliseconds
#
# Guessed: a cell that a workbook shows as 2027-03-01T08:30:15Z is written so, and 08:30:15.250 has its milliseconds.
# Seen: the quotes that mark letters in the format yyyy-mm-dd"T"hh:mm:ss"Z" come out as text, and the letters in lower
#   case: 2027-03-01"t"08:30:15"z". The format hh:mm:ss.000 writes .000 whatever the time is. [h]:mm, a duration, comes
#   out as the bare number.
# Why care: cells that people formatted as ISO 8601 on purpose are the ones that no reader of dates takes.
# Needs: node and npm; xlsx2csv (Debian package).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --ignore-scripts --silent exceljs@4.4.0

cat >make.mjs <<'JS'
import ExcelJS from 'exceljs';
const workbook = new ExcelJS.Workbook();
const sheet = workbook.addWorksheet('Due');
const formats = ['yyyy-mm-dd hh:mm:ss', 'yyyy-mm-dd"T"hh:mm:ss"Z"', 'yyyy-mm-dd hh:mm:ss.000', '[h]:mm'];
for (const format of formats) sheet.addRow([new Date('2027-03-01T08:30:15.250Z')]).getCell(1).numFmt = format;
await workbook.xlsx.writeFile('due.xlsx');
JS
node make.mjs
dpkg-query -W -f 'xlsx2csv ${Version}\n' xlsx2csv
xlsx2csv due.xlsx >now

cat >as-seen <<'END'
2027-03-01 08:30:15
"2027-03-01""t""08:30:15""z"""
2027-03-01 08:30:15.000
46447.354343
END
cat now
diff -u as-seen now && echo 'as seen before'
