#!/bin/sh
# Takes the two fix files of files/ through every program that is installed here, repairs some rows in each as a person would, and
# writes what the program saves to files/PROGRAM.csv and files/PROGRAM-of-json.csv. The project never needs this: the tests read
# the files. DuckDB is the npm package @duckdb/node-api, in the folder that DUCKDB names.
#
# Repaired are: the title of every row that lacks one, the date of row 89, what is left over of row 87; of JSON Lines the line of
# row 5, and the columns of row 7. All other rows are left alone.
set -eu
cd "$(dirname "$0")/files"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
has() { command -v "$1" >/dev/null || { echo "$1 is not installed: left out" >&2; false; }; }
LINE='{"title":"Mended line","detail":"it"}'
export LINE

if has soffice; then
  # As a person opens a file: columns cut at commas, UTF-8, numbers and dates recognized; cells are typed in.
  cat >"$work/repair.py" <<'PYTHON'
import os, sys, time, uno
from com.sun.star.beans import PropertyValue

def prop(name, value):
    return PropertyValue(name, 0, value, 0)

source, target = (uno.systemPathToFileUrl(os.path.abspath(path)) for path in sys.argv[1:3])
local = uno.getComponentContext()
resolver = local.ServiceManager.createInstanceWithContext('com.sun.star.bridge.UnoUrlResolver', local)
for _ in range(600):
    try:
        context = resolver.resolve('uno:pipe,name=%s;urp;StarOffice.ComponentContext' % sys.argv[3])
        break
    except Exception:
        time.sleep(0.1)
desktop = context.ServiceManager.createInstanceWithContext('com.sun.star.frame.Desktop', context)
options = '44,34,76,1,,0,false,true'
document = desktop.loadComponentFromURL(source, '_blank', 0, (
    prop('Hidden', True), prop('FilterName', 'Text - txt - csv (StarCalc)'), prop('FilterOptions', options)))
sheet = document.Sheets.getByIndex(0)
names = []
while sheet.getCellByPosition(len(names), 0).getString():
    names.append(sheet.getCellByPosition(len(names), 0).getString())
at = names.index
row = 1
while sheet.getCellByPosition(at('_row'), row).getString():
    def cell(name):
        return sheet.getCellByPosition(at(name), row)
    number = cell('_row').getString()
    if cell('_error_code').getString() == 'REQUIRED':
        cell('title').setFormula('Mended')
    if '_extra' in names:
        if number == '89':
            cell('dueAt').setFormula('2027-12-31T00:00:00+00:00')
        if number == '87':
            cell('_extra').setFormula('')
    else:
        if number == '5':
            cell('_json_line').setString(os.environ['LINE'])
        if number == '7':
            cell('_json_line').setFormula('')
            cell('title').setFormula('Filled by hand')
    row += 1
document.storeToURL(target, (
    prop('FilterName', 'Text - txt - csv (StarCalc)'), prop('FilterOptions', '44,34,76,1,,0,false,true,false')))
document.close(True)
try:
    desktop.terminate()
except Exception:
    pass
PYTHON
  for of in '' -of-json; do
    HOME=$work soffice --headless --convert-to csv --outdir "$work" "fix-file$of.csv" >/dev/null 2>&1
    mv "$work/fix-file$of.csv" "libreoffice-headless$of.csv"
    HOME=$work soffice --headless --norestore "--accept=pipe,name=repair$$;urp" >/dev/null 2>&1 &
    /usr/bin/python3 "$work/repair.py" "fix-file$of.csv" "libreoffice$of.csv" "repair$$"
    wait
  done
fi

if has ssconvert; then
  # The sheet has the columns _row, title, detail, dueAt, isComplete, note and so on; its first line is 1.
  sets=$(/usr/bin/python3 -c "
import csv
for number, row in enumerate(csv.DictReader(open('fix-file.csv', encoding='utf-8-sig', newline='')), 2):
    if row['_error_code'] == 'REQUIRED': print('--set=B%d=Mended' % number)
    if row['_row'] == '89': print('--set=D%d=2027-12-31T00:00:00+00:00' % number)
    if row['_row'] == '87': print('--set=J%d=' % number)")
  # shellcheck disable=SC2086
  ssconvert $sets fix-file.csv gnumeric.csv
  ssconvert --set=B2=Mended "--set=J5=$LINE" --set=J7= '--set=B7=Filled by hand' fix-file-of-json.csv gnumeric-of-json.csv
fi

if /usr/bin/python3 -c 'import pandas' 2>/dev/null; then
  /usr/bin/python3 - <<'PYTHON'
import os, pandas
table = pandas.read_csv('fix-file.csv')
table.loc[table._error_code == 'REQUIRED', 'title'] = 'Mended'
table.loc[table._row == 89, 'dueAt'] = '2027-12-31T00:00:00+00:00'
table.loc[table._row == 87, '_extra'] = None
table.to_csv('pandas.csv', index=False)
table = pandas.read_csv('fix-file-of-json.csv')
table.loc[table._error_code == 'REQUIRED', 'title'] = 'Mended'
table.loc[table._row == 5, '_json_line'] = os.environ['LINE']
table.loc[table._row == 7, ['_json_line', 'title']] = [None, 'Filled by hand']
table.to_csv('pandas-of-json.csv', index=False)
PYTHON
fi

if has Rscript; then
  cat >"$work/repair.R" <<'R'
repair <- function(table) {
  names(table) <- sub('^X_', '_', names(table))
  table[table[['_error_code']] == 'REQUIRED', 'title'] <- 'Mended'
  row <- table[['_row']]
  if ('_extra' %in% names(table)) {
    table[row == 89, 'dueAt'] <- '2027-12-31T00:00:00+00:00'
    table[row == 87, '_extra'] <- ''
  } else {
    table[row == 5, '_json_line'] <- Sys.getenv('LINE')
    table[row == 7, '_json_line'] <- ''
    table[row == 7, 'title'] <- 'Filled by hand'
  }
  table
}
for (of in c('', '-of-json')) {
  file <- paste0('fix-file', of, '.csv')
  table <- read.csv(file)
  fixed <- repair(table)
  names(fixed) <- names(table)
  write.csv(fixed, paste0('r', of, '.csv'), row.names = FALSE)
  table <- read.csv(file, check.names = FALSE)
  write.csv(repair(table), paste0('r-empty', of, '.csv'), row.names = FALSE, na = '')
}
R
  Rscript "$work/repair.R"
fi

if has mlr; then
  mlr --csv put 'if ($_error_code == "REQUIRED") {$title = "Mended"} if ($_row == 89) {$dueAt = "2027-12-31T00:00:00+00:00"}
    if ($_row == 87) {$_extra = ""}' fix-file.csv >miller.csv
  mlr --csv put 'if ($_error_code == "REQUIRED") {$title = "Mended"} if ($_row == 5) {$_json_line = ENV["LINE"]}
    if ($_row == 7) {$_json_line = ""; $title = "Filled by hand"}' fix-file-of-json.csv >miller-of-json.csv
fi

if has sqlite3; then
  sqlite3 -cmd '.mode csv' -cmd '.import fix-file.csv t' -cmd '.headers on' :memory: "
    update t set title = 'Mended' where _error_code = 'REQUIRED';
    update t set dueAt = '2027-12-31T00:00:00+00:00' where _row = '89';
    update t set _extra = '' where _row = '87'; select * from t" >sqlite.csv
  sqlite3 -cmd '.mode csv' -cmd '.import fix-file-of-json.csv t' -cmd '.headers on' :memory: "
    update t set title = 'Mended' where _error_code = 'REQUIRED';
    update t set _json_line = '$LINE' where _row = '5';
    update t set _json_line = '', title = 'Filled by hand' where _row = '7'; select * from t" >sqlite-of-json.csv
fi

if [ -d "${DUCKDB:-}/node_modules/@duckdb/node-api" ]; then
  cat >"$work/repair.mjs" <<'JAVASCRIPT'
const { DuckDBInstance } = await import(`${process.env.DUCKDB}/node_modules/@duckdb/node-api/lib/index.js`);
const connection = await (await DuckDBInstance.create()).connect();
const repair = async (file, target, statements) => {
  await connection.run(`create or replace table t as from read_csv('${file}')`);
  await connection.run(`update t set title = 'Mended' where _error_code = 'REQUIRED'`);
  for (const statement of statements) await connection.run(`update t set ${statement}`);
  await connection.run(`copy t to '${target}'`);
};
await repair('fix-file.csv', 'duckdb.csv', [
  `dueAt = '2027-12-31T00:00:00+00:00' where _row = 89`,
  `_extra = null where _row = 87`,
]);
await repair('fix-file-of-json.csv', 'duckdb-of-json.csv', [
  `_json_line = '${process.env.LINE}' where _row = 5`,
  `_json_line = null, title = 'Filled by hand' where _row = 7`,
]);
JAVASCRIPT
  "${NODE:-node}" "$work/repair.mjs"
fi
