#!/usr/bin/env bash
# DuckDB drops the header and the rows above a longer row, or reads a table of one column
#
# Guessed: the statement fails and names the row, or the row is padded.
# Seen: no error. If the longer row is the last one, the sniffer takes everything above it for a preamble: the row
#   alone is left, its columns called column0 and on, and with header = true its cells are the names and no row is left.
#   If it is further in, no delimiter fits, and the table has one column, named "a,b,c".
# Why care: a load ends well with rows missing; one row with a comma that lacks its quotes is enough. Name the columns
#   and set auto_detect = false, delim and header: then it fails and names the line. null_padding = true keeps all rows,
#   with a column more.
# Needs: node and npm.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --ignore-scripts --silent @duckdb/node-api@1.5.6-r.1

printf 'a,b,c\n1,2,3\n4,5,6\n7,8,9,10\n' >last.csv
printf 'a,b,c\n1,2,3\n4,5,6\n7,8,9\n10,11,12\n13,14,15\n16,17,18,19\n20,21,22\n' >middle.csv
cat >run.mjs <<'JS'
import { DuckDBInstance } from '@duckdb/node-api';
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const show = async (from) => {
  try {
    const result = await connection.runAndReadAll(`FROM ${from}`);
    console.log(`${from}\n  ${JSON.stringify([result.columnNames(), ...result.getRowsJson()])}`);
  } catch (error) {
    console.log(`${from}\n  ${error.message.split('\n')[0]}`);
  }
};
await show("read_csv('last.csv')");
await show("read_csv('last.csv', delim = ',', header = true)");
await show("read_csv('middle.csv')");
const columns = "columns = {a: 'INT', b: 'INT', c: 'INT'}";
await show(`read_csv('last.csv', auto_detect = false, delim = ',', header = true, ${columns})`);
JS
node -p '"DuckDB " + require("@duckdb/node-api").version()'
node run.mjs >now

cat >as-seen <<'END'
read_csv('last.csv')
  [["column0","column1","column2","column3"],["7","8","9","10"]]
read_csv('last.csv', delim = ',', header = true)
  [["7","8","9","10"]]
read_csv('middle.csv')
  [["a,b,c"],["1,2,3"],["4,5,6"],["7,8,9"],["10,11,12"],["13,14,15"],["16,17,18,19"],["20,21,22"]]
read_csv('last.csv', auto_detect = false, delim = ',', header = true, columns = {a: 'INT', b: 'INT', c: 'INT'})
  Invalid Input Error: CSV Error on Line: 4
END
cat now
diff -u as-seen now && echo 'as seen before'
