#!/usr/bin/env bash
# SheetJS writes a Date to CSV without its time and its century
#
# Guessed: a Date cell comes out as date and time, and the dateNF given to sheet_to_csv is the form of all dates.
# Seen: json_to_sheet gives each Date cell the format m/d/yy, so 08:30 on 1 March 2027 is written as 3/1/27. dateNF of
#   sheet_to_csv changes nothing, because the cell has a format already; it works only when json_to_sheet gets it.
# Why care: an export of due times loses the times without a word, and 3/1/27 is two dates.
# Needs: node and npm.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --ignore-scripts --silent xlsx@0.18.5

cat >run.mjs <<'JS'
import XLSX from 'xlsx';
const rows = [{ due: new Date('2027-03-01T08:30:00Z') }];
const dateNF = 'yyyy-mm-dd hh:mm:ss';
const csv = (sheet, options) => JSON.stringify(XLSX.utils.sheet_to_csv(sheet, options));
console.log('without dateNF            ', csv(XLSX.utils.json_to_sheet(rows, { cellDates: true })));
console.log('dateNF of sheet_to_csv    ', csv(XLSX.utils.json_to_sheet(rows, { cellDates: true }), { dateNF }));
console.log('dateNF of json_to_sheet   ', csv(XLSX.utils.json_to_sheet(rows, { cellDates: true, dateNF })));
JS
node -p '"xlsx " + require("xlsx").version'
TZ=UTC node run.mjs >now

cat >as-seen <<'END'
without dateNF             "due\n3/1/27"
dateNF of sheet_to_csv     "due\n3/1/27"
dateNF of json_to_sheet    "due\n2027-03-01 08:30:00"
END
cat now
diff -u as-seen now && echo 'as seen before'
