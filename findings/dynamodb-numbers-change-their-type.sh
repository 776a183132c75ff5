#!/usr/bin/env bash
# unmarshall of the AWS SDK gives a BigInt for a large number, and rounds a long fraction
#
# Guessed: numbers beyond those of JavaScript are refused or rounded, both alike.
# Seen: a whole number beyond 2^53 comes back as a BigInt, so the type of an attribute depends on its value, and
#   JSON.stringify of the item throws. A fraction of 23 digits is rounded without a word. A whole number beyond 2^53
#   with a fraction throws.
# Why care: an endpoint that passes items on as JSON fails with the first large counter or id, and sums of exact
#   decimals drift. wrapNumbers: true keeps all of them.
# Needs: node and npm.
set -euo pipefail
PATH=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/node_modules/.bin:$PATH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --ignore-scripts --silent @aws-sdk/util-dynamodb@3.996.9 @aws-sdk/client-dynamodb@3.1164.0

cat >run.mjs <<'JS'
import { unmarshall } from '@aws-sdk/util-dynamodb';
const show = (N) => {
  try {
    const { n } = unmarshall({ n: { N } });
    console.log(N.padEnd(26), typeof n, String(n));
  } catch (error) {
    console.log(N.padEnd(26), `throws: ${error.message.split('.')[0]}`);
  }
};
['9007199254740991', '9007199254740993', '0.12345678901234567890123', '9007199254740993.5'].forEach(show);
try {
  JSON.stringify(unmarshall({ n: { N: '9007199254740993' } }));
} catch (error) {
  console.log('as JSON:', error.message);
}
JS
node -p '"@aws-sdk/util-dynamodb " + JSON.parse(require("fs").readFileSync("node_modules/@aws-sdk/util-dynamodb/package.json")).version'
node run.mjs >now

cat >as-seen <<'END'
9007199254740991           number 9007199254740991
9007199254740993           bigint 9007199254740993
0.12345678901234567890123  number 0.12345678901234568
9007199254740993.5         throws: 9007199254740993
as JSON: Do not know how to serialize a BigInt
END
cat now
diff -u as-seen now && echo 'as seen before'
