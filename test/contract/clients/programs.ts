import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run, type S3Program, type Target, readVersion } from './client.ts';

/** The smallest part that S3 accepts. */
const PART_BYTES = 5 * 1024 * 1024;

const at = ({ bucket }: Target, prefix: string): string => `s3://${bucket}/${prefix}`;

const awsCopy = (target: Target, from: string, to: string) =>
  run(target, 'aws', '--endpoint-url', target.endpoint, 's3', 'cp', '--recursive', '--quiet', from, to);

const aws: S3Program = {
  name: 'aws',
  version: readVersion('aws', '--version'),
  upload: (target, folder, prefix) => awsCopy(target, folder, at(target, prefix)),
  download: (target, prefix, folder) => awsCopy(target, at(target, prefix), folder),
};

const BOTO3 = `
import os, sys, boto3
from boto3.s3.transfer import TransferConfig
endpoint, bucket, folder, prefix, part = sys.argv[1:6]
s3 = boto3.client('s3', endpoint_url=endpoint)
parts = TransferConfig(multipart_threshold=int(part), multipart_chunksize=int(part))
for at, _, names in os.walk(folder):
    for name in names:
        file = os.path.join(at, name)
        s3.upload_file(file, bucket, prefix + os.path.relpath(file, folder), Config=parts)
`;

const boto3: S3Program = {
  name: 'boto3',
  version: readVersion('python3', '-c', 'import boto3; print(boto3.__version__)'),
  upload: (target, folder, prefix) =>
    run(target, 'python3', '-c', BOTO3, target.endpoint, target.bucket, folder, prefix, String(PART_BYTES)),
};

const curl: S3Program = {
  name: 'curl',
  version: readVersion('curl', '--version'),
  async upload(target, folder, prefix) {
    for (const file of filesIn(folder)) {
      const key = encodeURIComponent(prefix + relative(folder, file)).replaceAll('%2F', '/');
      await run(target, 'curl', '-sSf', '--globoff', '-T', file, `${target.endpoint}/${target.bucket}/${key}`);
    }
  },
};

const MINIO = `
const { createRequire } = require('node:module');
const { readdirSync } = require('node:fs');
const { join, relative } = require('node:path');
const [endpoint, bucket, folder, prefix, part, home] = process.argv.slice(1);
const { Client } = createRequire(home + '/')(home);
const { hostname, port } = new URL(endpoint);
const settings = { endPoint: hostname, port: Number(port), useSSL: false, accessKey: 'me', secretKey: 'local' };
const client = new Client({ ...settings, partSize: Number(part) });
(async () => {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isFile()) await client.fPutObject(bucket, prefix + relative(folder, file), file);
  }
})();
`;

/** The folder of the minio package. */
const MINIO_HOME = process.env['MINIO_JS'] ?? '';

const minio: S3Program = {
  name: 'minio-js',
  version: readVersion(process.execPath, '-p', `require(${JSON.stringify(join(MINIO_HOME, 'package.json'))}).version`),
  upload(target, folder, prefix) {
    const parameters = [target.endpoint, target.bucket, folder, prefix, String(PART_BYTES), MINIO_HOME];
    return run(target, process.execPath, '-e', MINIO, ...parameters);
  },
};

const rcloneCopy = (target: Target, from: string, to: string) =>
  run(target, 'rclone', 'copy', '--retries', '1', from, to);

const rcloneRemote = ({ endpoint, bucket }: Target, prefix: string): string =>
  `:s3,provider=Other,env_auth=true,endpoint="${endpoint}",chunk_size=5M,upload_cutoff=5M:${bucket}/${prefix}`;

const rclone: S3Program = {
  name: 'rclone',
  version: readVersion('rclone', 'version'),
  upload: (target, folder, prefix) => rcloneCopy(target, folder, rcloneRemote(target, prefix)),
  download: (target, prefix, folder) => rcloneCopy(target, rcloneRemote(target, prefix), folder),
};

function s3cmdRun(target: Target, ...parameters: readonly string[]): Promise<string> {
  const { host } = new URL(target.endpoint);
  const hosts = [`--host=${host}`, `--host-bucket=${host}`, '--no-ssl', '--multipart-chunk-size-mb=5'];
  return run(target, 's3cmd', '--access_key=me', '--secret_key=local', ...hosts, '--quiet', ...parameters);
}

const s3cmd: S3Program = {
  name: 's3cmd',
  version: readVersion('s3cmd', '--version'),
  upload: (target, folder, prefix) => s3cmdRun(target, 'put', '--recursive', `${folder}/`, at(target, prefix)),
  download: (target, prefix, folder) => s3cmdRun(target, 'get', '--recursive', at(target, prefix), `${folder}/`),
};

/**
 * The programs with which the local S3 is tested: packages of Debian, and minio-js of npm. The project itself needs
 * none.
 */
export const PROGRAMS: readonly S3Program[] = [aws, boto3, curl, minio, rclone, s3cmd];

export const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
