#!/usr/bin/env bash
# Gnumeric drops the zone of a time that ends in Z, and keeps +00:00
#
# Guessed: both forms of the same instant stay text, or both become dates.
# Seen: 2027-03-01T08:00:00Z becomes a date cell and comes out as 2027/03/01 08:00:00, without a zone;
#   2027-03-01T08:00:00+00:00 comes out as it went in. The form of the output is neither the one of the input nor ISO
#   8601.
# Why care: a CSV file that was only opened and saved has local times where it had instants. Write +00:00 where people
#   may use Gnumeric.
# Needs: ssconvert (Debian package gnumeric).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >in.csv <<'CSV'
due
2027-03-01T08:00:00Z
2027-03-01T08:00Z
20270301T080000Z
2027-03-01T08:00:00+00:00
2027-03-01T09:00:00+01:00
CSV
export LC_ALL=C.UTF-8
ssconvert in.csv out.csv 2>/dev/null
ssconvert --version 2>&1 | head -1 | cut -d ' ' -f 1-3
cp out.csv now

cat >as-seen <<'END'
due
"2027/03/01 08:00:00"
"2027/03/01 08:00:00"
"2027/03/01 08:00:00"
2027-03-01T08:00:00+00:00
2027-03-01T09:00:00+01:00
END
cat now
diff -u as-seen now && echo 'as seen before'
