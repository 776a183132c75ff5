CREATE TABLE raw (line TEXT);
.mode ascii
.separator "\037" "\n"
.import @TABLE@ raw
CREATE TABLE tasks AS
SELECT json_extract(line, '$.nr') AS nr, json_extract(line, '$.title') AS title, json_extract(line, '$.detail') AS detail,
       datetime(json_extract(line, '$.dueAt')) AS dueAt, json_extract(line, '$.isComplete') AS isComplete
FROM raw;
.headers on
.mode csv
.once @OUT@/sqlite-csv.csv
SELECT * FROM tasks;
.mode csv
.nullvalue NULL
.once @OUT@/sqlite-csv-null.csv
SELECT * FROM tasks;
.nullvalue ""
.mode tabs
.once @OUT@/sqlite-tabs.tsv
SELECT * FROM tasks;
.mode list
.once @OUT@/sqlite-list.txt
SELECT * FROM tasks;
.mode json
.once @OUT@/sqlite-json.json
SELECT * FROM tasks;
