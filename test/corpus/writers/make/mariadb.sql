SET NAMES utf8mb4;
CREATE DATABASE writers CHARACTER SET utf8mb4;
USE writers;
CREATE TABLE raw (line TEXT);
LOAD DATA INFILE '@TABLE@' INTO TABLE raw CHARACTER SET utf8mb4 FIELDS TERMINATED BY '\0' ESCAPED BY '' LINES TERMINATED BY '\n';
CREATE TABLE tasks AS
SELECT JSON_VALUE(line, '$.nr') AS nr, JSON_VALUE(line, '$.title') AS title, JSON_VALUE(line, '$.detail') AS detail,
       CAST(CONVERT_TZ(REGEXP_REPLACE(REPLACE(JSON_VALUE(line, '$.dueAt'), 'T', ' '), '(Z|[+-][0-9]{2}:[0-9]{2})$', ''),
                       IF(JSON_VALUE(line, '$.dueAt') LIKE '%Z', '+00:00', RIGHT(JSON_VALUE(line, '$.dueAt'), 6)), '+00:00') AS DATETIME) AS dueAt,
       CAST(JSON_VALUE(line, '$.isComplete') AS SIGNED) AS isComplete
FROM raw;
SELECT 'nr', 'title', 'detail', 'dueAt', 'isComplete' UNION ALL SELECT * FROM tasks
INTO OUTFILE '@OUT@/mariadb-outfile.tsv' CHARACTER SET utf8mb4;
SELECT 'nr', 'title', 'detail', 'dueAt', 'isComplete' UNION ALL SELECT * FROM tasks
INTO OUTFILE '@OUT@/mariadb-outfile.csv' CHARACTER SET utf8mb4
FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '"' ESCAPED BY '"' LINES TERMINATED BY '\r\n';
SELECT 'nr', 'title', 'detail', 'dueAt', 'isComplete' UNION ALL SELECT * FROM tasks
INTO OUTFILE '@OUT@/mariadb-outfile-backslashes.csv' CHARACTER SET utf8mb4
FIELDS TERMINATED BY ',' ENCLOSED BY '"' LINES TERMINATED BY '\n';
