#!/usr/bin/env bash
# fauxqs ignores If-None-Match and If-Match of a PUT, and honours If-Match of a GET
#
# Guessed: a conditional PUT is refused with 412, as S3 documents it, or with 501.
# Seen: the object is overwritten and the answer is 200, for If-None-Match: * and for an If-Match that is not its
#   ETag. GetObject with a wrong If-Match answers 412.
# Why care: locks and "write once" by conditional PUT pass every test on the emulator and protect nothing there; races
#   that S3 would decide stay hidden.
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
await put('first');
await show('PUT If-None-Match: *      ', async () => (await put('second', { IfNoneMatch: '*' })).$metadata.httpStatusCode);
await show('the object is now         ', get);
await show('PUT If-Match: another ETag', async () => (await put('third', { IfMatch: '"00"' })).$metadata.httpStatusCode);
await show('GET If-Match: another ETag', () => get({ IfMatch: '"00"' }));
process.exit();
JS
node -p '"fauxqs " + JSON.parse(require("fs").readFileSync("node_modules/fauxqs/package.json")).version'
node run.mjs >now

cat >as-seen <<'END'
PUT If-None-Match: *       200
the object is now          second
PUT If-Match: another ETag 200
GET If-Match: another ETag PreconditionFailed 412
END
cat now
diff -u as-seen now && echo 'as seen before'
