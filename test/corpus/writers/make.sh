#!/usr/bin/env bash
# Makes the files of test/corpus/writers anew: `bash test/corpus/writers/make.sh` for all, or with the programs' names for some.
# A program that is not installed is named and left out, and its files stay as they are. Debian has all but three of them:
#   apt-get install postgresql mariadb-server sqlite3 python3-pandas r-base-core miller libreoffice-calc gnumeric xlsx2csv \
#     tabix pigz openjdk-17-jdk-headless libcommons-csv-java
# DuckDB, exceljs and SheetJS come from npm into a temporary folder. What is marked as made by hand in README.md is not made here.
set -euo pipefail
export LC_ALL=C.UTF-8 TZ=UTC

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
make=$here/make
export TABLE=$here/table.jsonl
out=$here/files
npm_packages=(@duckdb/node-api@1.5.6-r.1 exceljs@4.4.0 xlsx@0.18.5)

work=$(mktemp -d)
chmod 755 "$work"
server=
trap '[[ -z $server ]] || { kill "$server" && wait "$server" 2>/dev/null; } || true; rm -rf "$work"' EXIT
mkdir "$work/out" && chmod 777 "$work/out"

has() {
  command -v "$1" >/dev/null || { echo "$1 is not installed: its files stay as they are"; return 1; }
}
# Replaces @TABLE@ and @OUT@, for programs that know no variables. The server of a database reads the table as another user.
filled() { sed "s|@TABLE@|$work/table.jsonl|g; s|@OUT@|$work/out|g" "$1"; }
as_server() { if [[ $(id -u) -eq 0 ]]; then runuser -u nobody -- "$@"; else "$@"; fi; }
cp "$TABLE" "$work/table.jsonl"

# For programs that read no JSON: every cell in quotes, <null> for no value.
node --input-type=module - "$TABLE" >"$work/table.csv" <<'JS'
import { readFileSync } from 'node:fs';
const rows = readFileSync(process.argv[2], 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const line = (cells) => cells.map((cell) => (cell === null ? '<null>' : `"${String(cell).replaceAll('"', '""')}"`)).join(',');
process.stdout.write([Object.keys(rows[0]), ...rows.map(Object.values)].map((cells) => `${line(cells)}\n`).join(''));
JS

npm_folder() {
  [[ -d $work/npm ]] && return
  has node && mkdir "$work/npm" && cp "$make"/*.mjs "$work/npm" &&
    (cd "$work/npm" && npm init -y >/dev/null && npm install --no-audit --no-fund --ignore-scripts --silent "${npm_packages[@]}")
}

make_postgresql() {
  has initdb || return 0
  local data=$work/postgresql
  mkdir "$data" && chmod 777 "$data"
  as_server initdb -D "$data/db" -U writer --locale=C.UTF-8 -E UTF8 >/dev/null
  as_server pg_ctl -D "$data/db" -o "-k $data -c listen_addresses=''" -l "$data/log" -w start >/dev/null
  local psql=(psql -X -q -h "$data" -U writer postgres)
  "${psql[@]}" -v ON_ERROR_STOP=1 -v out="$work/out" -f "$make/postgresql.sql" || true
  "${psql[@]}" -c "SET timezone = 'UTC'" --csv -c 'TABLE tasks' >"$work/out/psql-csv.csv"
  "${psql[@]}" -c "SET timezone = 'UTC'" -c 'TABLE tasks' >"$work/out/psql-aligned.txt"
  "${psql[@]}" -A -c "SET timezone = 'UTC'" -c 'TABLE tasks' >"$work/out/psql-unaligned.txt"
  as_server pg_ctl -D "$data/db" -w -m fast stop >/dev/null
}

make_mariadb() {
  has mariadbd || return 0
  local data=$work/mariadb user
  user=$(id -un)
  mkdir "$data"
  mariadb-install-db --no-defaults --datadir="$data/db" --user="$user" --auth-root-authentication-method=normal >/dev/null 2>&1
  mariadbd --no-defaults --datadir="$data/db" --user="$user" --socket="$data/socket" --skip-networking \
    --character-set-server=utf8mb4 >"$data/log" 2>&1 &
  server=$!
  local client=(mariadb --no-defaults --socket="$data/socket" --user=root --default-character-set=utf8mb4)
  for _ in $(seq 100); do "${client[@]}" -e 'SELECT 1' >/dev/null 2>&1 && break; sleep 0.3; done
  filled "$make/mariadb.sql" | "${client[@]}"
  "${client[@]}" writers --batch -e 'SELECT * FROM tasks' >"$work/out/mariadb-batch.tsv"
  "${client[@]}" writers --batch --raw -e 'SELECT * FROM tasks WHERE nr NOT IN (3, 4)' >"$work/out/mariadb-batch-raw.tsv"
  "${client[@]}" writers --table -e 'SELECT * FROM tasks' >"$work/out/mariadb-table.txt"
  kill "$server" && wait "$server" || true
  server=
}

make_sqlite() { has sqlite3 || return 0; filled "$make/sqlite.sql" | sqlite3 :memory:; }
# Debian's own Python: another one that comes first in PATH does not see Debian's packages.
make_pandas() { has /usr/bin/python3 || return 0; /usr/bin/python3 "$make/pandas_writer.py" "$TABLE" "$work/out"; }
make_r() { has Rscript || return 0; Rscript --vanilla "$make/writers.R" "$work/table.csv" "$work/out"; }

make_miller() {
  has mlr || return 0
  local name
  for name in csv tsv json jsonl; do mlr --ijsonl "--o$name" cat "$TABLE" >"$work/out/miller.$name"; done
  mlr --ijsonl --ocsv --quote-all --ofs semicolon cat "$TABLE" >"$work/out/miller-quote-all.csv"
}

make_java() {
  has javac || return 0
  java -cp /usr/share/java/commons-csv.jar "$make/Tasks.java" "$work/table.csv" "$work/out"
}

make_duckdb() { npm_folder || return 0; node "$work/npm/duckdb.mjs" "$TABLE" "$work/out"; }
make_sheets() { npm_folder || return 0; node "$work/npm/sheets.mjs" "$TABLE" "$work/out" "$work/tasks.xlsx"; cp "$work/tasks.xlsx" "$work/out/exceljs.xlsx"; }

make_libreoffice() {
  has soffice || return 0
  [[ -f $work/tasks.xlsx ]] || make_sheets
  local filter='csv:Text - txt - csv (StarCalc)'
  # --outdir must stand behind --convert-to: before it, soffice prints its usage and converts nothing.
  convert() {
    soffice --headless "-env:UserInstallation=file://$work/libreoffice" --convert-to "$2" --outdir "$work/libre" "$work/tasks.xlsx" >/dev/null 2>&1
    mv "$work/libre/tasks.csv" "$work/out/$1"
  }
  convert libreoffice.csv csv
  convert libreoffice-semicolons-quoted.csv "$filter:59,34,76,1,,0,true,true"
  convert libreoffice-tabs-utf16.csv "$filter:9,34,65535,1,,0,false,true"
  convert libreoffice-german-windows-1252.csv "$filter:59,34,1,1,,1031,false,true"
}

make_gnumeric() {
  has ssconvert || return 0
  [[ -f $work/tasks.xlsx ]] || make_sheets
  ssconvert "$work/tasks.xlsx" "$work/out/gnumeric.csv" 2>/dev/null
  ssconvert -T Gnumeric_stf:stf_assistant -O 'separator=; quoting-mode=always eol=windows' "$work/tasks.xlsx" \
    "$work/out/gnumeric-semicolons.txt" 2>/dev/null
}

make_xlsx2csv() {
  has xlsx2csv || return 0
  [[ -f $work/tasks.xlsx ]] || make_sheets
  xlsx2csv "$work/tasks.xlsx" "$work/out/xlsx2csv.csv"
  xlsx2csv -d tab -q all "$work/tasks.xlsx" "$work/out/xlsx2csv-tabs.tsv"
}

make_bgzip() { has bgzip || return 0; bgzip -c "$here/files/python-csv.csv" >"$work/out/bgzip.csv.gz"; }
make_pigz() {
  has pigz || return 0
  pigz -n -c "$here/files/python-csv.csv" >"$work/out/pigz.csv.gz"
  pigz -n -z -c "$here/files/python-csv.csv" >"$work/out/pigz-zlib.csv.zz"
}

for program in "${@:-postgresql mariadb sqlite pandas r miller java duckdb sheets libreoffice gnumeric xlsx2csv bgzip pigz}"; do
  for one in $program; do
    echo "$one …"
    "make_$one"
    find "$work/out" -type f -exec cp --no-preserve=mode -t "$out" {} +
  done
done
