#!/usr/bin/env bash
# fauxqs stores a wrong checksum as it was sent, and the SDK then cannot read the object
#
# Guessed: a PUT whose checksum is not that of its bytes is refused with 400, as S3 documents it.
# Seen: the answer is 200 with the wrong checksum in it. It is kept: the SDK checks it at the next GET, which fails
#   for an object that is whole. A wrong Content-MD5 is taken, too.
# Why care: damage on the way up is found by S3 at once; on the emulator it is found by whoever reads, or never.
# Needs: npm, and node 22.5 or later: the one of `npm ci` here, if it is there.
set -euo pipefail
PATH=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/node_modules/.bin:$PATH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --ignore-scripts --silent fauxqs@2.4.1 @aws-sdk/client-s3@3.1169.0

cat >run.mjs <<'JS'
import { startFauxqs } from 'fauxqs';
import * as S3 from '@aws-sdk/client-s3';
const server = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false });
const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
const client = new S3.S3Client({
  endpoint: `http://127.0.0.1:${server.port}`,
  region: 'us-east-1',
  credentials,
  forcePathStyle: true,
});
const Bucket = 'bucket';
const Key = 'key';
await client.send(new S3.CreateBucketCommand({ Bucket }));
const put = (Body, options) => client.send(new S3.PutObjectCommand({ Bucket, Key, Body, ...options }));
const get = async (options) => {
  const { Body } = await client.send(new S3.GetObjectCommand({ Bucket, Key, ...options }));
  return Body.transformToString();
};
const show = async (what, call) => {
  try {
    console.log(what, await call());
  } catch (error) {
    console.log(what, error.name, error.$metadata?.httpStatusCode ?? error.message.split(' ').slice(0, 3).join(' '));
  }
};
const wrong = { ChecksumCRC32: 'AAAAAA==' };
await show('PUT with a wrong CRC32      ', async () => JSON.stringify((await put('one', wrong)).ChecksumCRC32));
await show('GET                         ', () => get({ ChecksumMode: 'ENABLED' }));
const md5 = { ContentMD5: Buffer.alloc(16).toString('base64') };
await show('PUT with a wrong Content-MD5', async () => (await put('two', md5)).$metadata.httpStatusCode);
process.exit();
JS
node -p '"fauxqs " + JSON.parse(require("fs").readFileSync("node_modules/fauxqs/package.json")).version'
node run.mjs >now

cat >as-seen <<'END'
PUT with a wrong CRC32       "AAAAAA=="
GET                          Error Checksum mismatch: expected
PUT with a wrong Content-MD5 200
END
cat now
diff -u as-seen now && echo 'as seen before'
