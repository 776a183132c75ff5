#!/usr/bin/env bash
# exceljs and SheetJS move a date in a CSV cell to another day, by the zone of the machine
#
# Guessed: the cell 2027-03-01 is 1 March wherever the file is read.
# Seen: exceljs reads the cell as local midnight and writes workbooks in UTC: east of Greenwich, CSV to XLSX gives 28
#   February, 23:00. SheetJS reads the same cell as midnight in UTC and makes a local date of it: west of Greenwich it
#   is 28 February, while 3/1/2027 in the same column stays 1 March.
# Why care: servers run in UTC, where neither shows; a laptop in Berlin or New York gives other days. Convert with
#   TZ=UTC, or read dates as text (raw: true; map).
# Needs: node and npm.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --ignore-scripts --silent exceljs@4.4.0 xlsx@0.18.5

cat >run.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import ExcelJS from 'exceljs';
import XLSX from 'xlsx';
const text = 'due\n2027-03-01\n3/1/2027\n';
const workbook = new ExcelJS.Workbook();
await workbook.csv.read(Readable.from([text]));
const again = new ExcelJS.Workbook();
await again.xlsx.load(await workbook.xlsx.writeBuffer());
const cell = again.worksheets[0].getCell('A2').value;
const { Sheet1 } = XLSX.read(text, { type: 'string' }).Sheets;
console.log(
  (process.env.TZ + '               ').slice(0, 17),
  `exceljs ${cell.toISOString()}`,
  `SheetJS ${Sheet1.A2.w} and ${Sheet1.A3.w}`,
);
JS
node -p '"exceljs " + require("exceljs/package.json").version + ", xlsx " + require("xlsx").version'
: >now
for zone in UTC Europe/Berlin America/New_York; do TZ=$zone node run.mjs >>now; done

cat >as-seen <<'END'
UTC               exceljs 2027-03-01T00:00:00.000Z SheetJS 3/1/27 and 3/1/27
Europe/Berlin     exceljs 2027-02-28T23:00:00.000Z SheetJS 3/1/27 and 3/1/27
America/New_York  exceljs 2027-03-01T05:00:00.000Z SheetJS 2/28/27 and 3/1/27
END
cat now
diff -u as-seen now && echo 'as seen before'
