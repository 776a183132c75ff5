// Writes the table with DuckDB. Arguments: the table (JSON Lines), the folder to write to.
import { DuckDBInstance } from '@duckdb/node-api';

const [table, out] = process.argv.slice(2);
const connection = await (await DuckDBInstance.create(':memory:')).connect();
for (const statement of [
  `SET TimeZone = 'UTC'`,
  `CREATE TABLE tasks AS SELECT nr, title, detail, "dueAt"::TIMESTAMPTZ AS "dueAt", "isComplete" FROM read_json('${table}',
   format = 'newline_delimited', columns = {nr: 'VARCHAR', title: 'VARCHAR', detail: 'VARCHAR', "dueAt": 'VARCHAR', "isComplete": 'BOOLEAN'})`,
  `COPY tasks TO '${out}/duckdb.csv'`,
  `COPY tasks TO '${out}/duckdb-bars.csv' (DELIMITER '|', FORCE_QUOTE *, NULLSTR 'NULL')`,
  `COPY tasks TO '${out}/duckdb.json'`,
  `COPY tasks TO '${out}/duckdb.csv.gz' (FORMAT csv, COMPRESSION gzip)`,
  `COPY (SELECT * REPLACE ("dueAt"::TIMESTAMP AS "dueAt") FROM tasks) TO '${out}/duckdb-timestamp.csv'`,
  `SET TimeZone = 'Asia/Kolkata'`,
  `COPY tasks TO '${out}/duckdb-kolkata.csv'`,
]) {
  await connection.run(statement);
}
