#!/usr/bin/env bash
# R makes two rows of a CSV row that has a cell more than the header
#
# Guessed: an error, a warning or one more column.
# Seen: no word. read.csv looks at the first five lines for the number of columns; a longer row behind them goes on in
#   a row of its own, and the rest of that row is NA. Where every row has a cell more, the first column becomes the row
#   names and all others move.
# Why care: the number of rows is wrong and an invented row has a value in the wrong column. count.fields() finds such
#   files before they are read.
# Needs: R (Debian package r-base-core).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

printf 'a,b,c\n1,2,3\n4,5,6\n7,8,9\n10,11,12\n13,14,15\n16,17,18,19\n20,21,22\n' >late.csv
printf 'a,b\n1,2,3\n4,5,6\n' >every.csv
Rscript --vanilla -e 'cat(R.version.string, "\n")'
Rscript --vanilla -e 'options(warn = 1); print(read.csv("late.csv")); print(read.csv("every.csv"))' >now 2>&1

cat >as-seen <<'END'
   a  b  c
1  1  2  3
2  4  5  6
3  7  8  9
4 10 11 12
5 13 14 15
6 16 17 18
7 19 NA NA
8 20 21 22
  a b
1 2 3
4 5 6
END
cat now
diff -u as-seen now && echo 'as seen before'
