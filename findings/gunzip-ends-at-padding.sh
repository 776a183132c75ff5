#!/usr/bin/env bash
# Node, gzip and pigz lose the members of a gzip file that stand behind padding; Python reads them
#
# Guessed: zero bytes between two members are skipped, as the padding of tapes and block devices is, or the file is
#   damaged to all.
# Seen: Node's gunzip gives the first member and ends without an error, though it takes text there for an
#   error, and though it reads members that follow each other. pigz ends so, too, with exit code 0; gzip warns and exits
#   with 2. Python gives both members.
# Why care: a file that was put together from padded blocks is read in part, and nothing tells. Compare the bytes that
#   the decoder took (bytesWritten) with the size of the file.
# Needs: node; pigz, gzip, python3 (Debian packages).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

printf 'one\n' | gzip -n >member
{ cat member; head -c 512 /dev/zero; cat member; } >padded.gz
cat >run.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
const member = readFileSync('member');
const lines = (bytes) => JSON.stringify(gunzipSync(bytes).toString());
console.log('node, members alone', lines(Buffer.concat([member, member])));
console.log('node, padded       ', lines(readFileSync('padded.gz')));
JS
echo "node $(node --version), $(pigz --version 2>&1), $(gzip --version | head -1), $(python3 --version)"
{
  node run.mjs
  for program in pigz gzip; do
    code=0
    "$program" -dc padded.gz >out 2>/dev/null || code=$?
    echo "$program, padded        $(tr '\n' ' ' <out) exit $code"
  done
  echo "python, padded      $(python3 -c 'import gzip; print(gzip.open("padded.gz").read().decode().split())')"
} >now

cat >as-seen <<'END'
node, members alone "one\none\n"
node, padded        "one\n"
pigz, padded        one  exit 0
gzip, padded        one  exit 2
python, padded      ['one', 'one']
END
cat now
diff -u as-seen now && echo 'as seen before'
