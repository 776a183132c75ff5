\set lines `cat "$TABLE"`
SET timezone = 'UTC';
CREATE TABLE tasks AS
SELECT row ->> 'nr' AS nr, row ->> 'title' AS title, row ->> 'detail' AS detail,
       (row ->> 'dueAt')::timestamptz AS "dueAt", (row ->> 'isComplete')::boolean AS "isComplete"
FROM (SELECT line::jsonb AS row FROM regexp_split_to_table(:'lines', E'\n') AS line WHERE line <> '') AS lines;
\cd :out
COPY (TABLE tasks) TO STDOUT (FORMAT csv, HEADER) \g postgresql-copy.csv
COPY (TABLE tasks) TO STDOUT (FORMAT csv, HEADER, DELIMITER ';', FORCE_QUOTE *) \g postgresql-copy-semicolons.csv
COPY (TABLE tasks) TO STDOUT (FORMAT csv, HEADER, NULL '\N') \g postgresql-copy-null.csv
COPY (TABLE tasks) TO STDOUT (FORMAT text, HEADER) \g postgresql-copy-text.tsv
COPY (SELECT row_to_json(tasks) FROM tasks) TO STDOUT (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02') \g postgresql-row-to-json.jsonl
SET timezone = 'Asia/Kolkata';
COPY (TABLE tasks) TO STDOUT (FORMAT csv, HEADER) \g postgresql-copy-kolkata.csv
SET timezone = 'UTC';
COPY (SELECT nr, title, detail, "dueAt"::timestamp, "isComplete" FROM tasks) TO STDOUT (FORMAT csv, HEADER) \g postgresql-copy-timestamp.csv
