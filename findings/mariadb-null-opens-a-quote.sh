#!/usr/bin/env bash
# MariaDB's recipe for CSV, ESCAPED BY '"', writes NULL as a quote that is never closed
#
# Guessed: FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '"' ESCAPED BY '"' writes RFC 4180: quotes doubled, NULL as
#   NULL or \N.
# Seen: the escape sign replaces the backslash everywhere: NULL is "N, which opens a quote; and the carriage return of
#   a cell is escaped as "CR, because the row ends with one. Readers take the rows behind a NULL for text of that cell,
#   or refuse the file.
# Why care: the file is right until the first NULL or the first line end of Windows. Use IFNULL(column, '') and
#   REPLACE for each column, or a client that writes CSV.
# Needs: MariaDB server and client (Debian package mariadb-server); it starts one of its own, without network.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

mariadb-install-db --no-defaults --datadir="$work/db" --user="$(id -un)" --auth-root-authentication-method=normal >/dev/null 2>&1
mariadbd --no-defaults --datadir="$work/db" --user="$(id -un)" --socket="$work/socket" --skip-networking >"$work/log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
client=(mariadb --no-defaults --socket="$work/socket" --user=root)
for _ in $(seq 100); do "${client[@]}" -e 'SELECT 1' >/dev/null 2>&1 && break; sleep 0.3; done
"${client[@]}" <<SQL
SELECT 1, 'says "hi"', 'plain' UNION ALL SELECT 2, NULL, 'plain' UNION ALL SELECT 3, CONCAT('two', CHAR(13, 10), 'lines'), 'plain'
INTO OUTFILE '$work/out.csv' FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '"' ESCAPED BY '"' LINES TERMINATED BY '\r\n';
SQL
mariadbd --version
cat -A out.csv >now

cat >as-seen <<'END'
1,"says ""hi""","plain"^M$
2,"N,"plain"^M$
3,"two"^M$
lines","plain"^M$
END
cat now
diff -u as-seen now && echo 'as seen before'
