import { createHash } from 'node:crypto';
import { Crc32, Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';
import { Xxh3_128, Xxh3_64, Xxh64 } from '@aws-sdk/checksums/xxh';
import { S3Refusal, notImplemented } from './refusal.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;
type Digest = (bytes: readonly Buffer[]) => Promise<Buffer>;

interface Calculator {
  update(bytes: Uint8Array): void;
  digest(): Promise<Uint8Array>;
}

const calculated =
  (Calculator: new () => Calculator): Digest =>
  async (bytes) => {
    const calculator = new Calculator();
    for (const piece of bytes) calculator.update(piece);
    return Buffer.from(await calculator.digest());
  };

const hashed =
  (name: string): Digest =>
  async (bytes) => {
    const hash = createHash(name);
    for (const piece of bytes) hash.update(piece);
    return hash.digest();
  };

/** Every checksum that S3 takes, by the end of its header's name, `x-amz-checksum-NAME`. */
const DIGESTS: Readonly<Record<string, Digest>> = {
  crc32: calculated(Crc32),
  crc32c: calculated(Crc32c),
  crc64nvme: calculated(Crc64Nvme),
  md5: hashed('md5'),
  sha1: hashed('sha1'),
  sha256: hashed('sha256'),
  sha512: hashed('sha512'),
  xxhash3: calculated(Xxh3_64),
  xxhash64: calculated(Xxh64),
  xxhash128: calculated(Xxh3_128),
};

export const CHECKSUM_NAMES: readonly string[] = Object.keys(DIGESTS);

const PREFIX = 'x-amz-checksum-';
/** Headers of that form that are no checksums. */
const OTHERS = new Set(['algorithm', 'type', 'mode']);
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A checksum that a client sent. */
export interface Checksum {
  /** As in {@link DIGESTS}. */
  readonly name: string;
  /** In base64. */
  readonly value: string;
}

/**
 * The checksum that a request states, in a header or behind its body.
 *
 * @throws S3Refusal for two of them, and for one that the local S3 cannot verify
 */
export function statedChecksum(headers: Headers): Checksum | undefined {
  const names = Object.keys(headers)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => name.slice(PREFIX.length))
    .filter((name) => !OTHERS.has(name));
  if (names.length > 1) throw invalid(`there are ${names.length} checksums, ${names.join(' and ')}; S3 takes one`);
  const [name] = names;
  if (name === undefined) return undefined;
  knownDigest(name);
  return { name, value: String(headers[PREFIX + name]) };
}

/** @throws S3Refusal unless these bytes have the checksum */
export async function verifyChecksum({ name, value }: Checksum, bytes: readonly Buffer[]): Promise<void> {
  const digest = await knownDigest(name)(bytes);
  if (!BASE64.test(value) || Buffer.from(value, 'base64').length !== digest.length) {
    throw invalid(`Value for ${PREFIX}${name} header is invalid: ${value} is not ${digest.length} bytes in base64`);
  }
  if (digest.toString('base64') !== value) throw badDigest(name.toUpperCase());
}

/**
 * Of an object of several parts: the checksum of the checksums of its parts, with their number behind it.
 *
 * @throws S3Refusal unless the parts have it
 */
export async function verifyComposite({ name, value }: Checksum, parts: readonly Buffer[]): Promise<void> {
  const digest = knownDigest(name);
  const digests: Buffer[] = [];
  for (const part of parts) digests.push(await digest([part]));
  const [sum = '', count = String(parts.length)] = value.split('-');
  const composite = (await digest(digests)).toString('base64');
  if (sum !== composite || Number(count) !== parts.length) throw badDigest(name.toUpperCase());
}

/**
 * Holds a body against the digests that came with it: `Content-MD5`, `x-amz-checksum-…` and `x-amz-content-sha256`.
 *
 * @throws S3Refusal
 */
export async function verifyBody(headers: Headers, body: Buffer): Promise<void> {
  await verifyMd5(headers['content-md5'], body);
  await verifySha256(headers['x-amz-content-sha256'], body);
  const stated = statedChecksum(headers);
  if (stated) return await verifyChecksum(stated, [body]);
  const promised = headers['x-amz-sdk-checksum-algorithm'];
  if (promised !== undefined) {
    throw invalid(`x-amz-sdk-checksum-algorithm is ${String(promised)}, but no checksum came in a header or a trailer`);
  }
}

async function verifyMd5(value: Headers[string], body: Buffer): Promise<void> {
  if (value === undefined) return;
  const given = String(value);
  if (!BASE64.test(given) || Buffer.from(given, 'base64').length !== 16) {
    throw new S3Refusal(400, 'InvalidDigest', `The Content-MD5 you specified is not valid: ${given}.`);
  }
  if ((await hashed('md5')([body])).toString('base64') !== given) throw badDigest('Content-MD5');
}

const UNHASHED = /^(?:UNSIGNED-PAYLOAD|STREAMING-.+)$/;

async function verifySha256(value: Headers[string], body: Buffer): Promise<void> {
  if (value === undefined || UNHASHED.test(String(value))) return;
  const given = String(value);
  if (!/^[0-9a-f]{64}$/i.test(given)) {
    const message = `x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-… or a SHA-256 in hex, and is ${given}.`;
    throw new S3Refusal(400, 'InvalidArgument', message);
  }
  if ((await hashed('sha256')([body])).toString('hex') !== given.toLowerCase()) {
    const message = 'The provided x-amz-content-sha256 header does not match what was computed.';
    throw new S3Refusal(400, 'XAmzContentSHA256Mismatch', message);
  }
}

function knownDigest(name: string): Digest {
  const digest = DIGESTS[name];
  if (digest) return digest;
  throw notImplemented(`The local S3 knows no checksum ${name}; it knows ${CHECKSUM_NAMES.join(', ')}.`);
}

const badDigest = (what: string): S3Refusal =>
  new S3Refusal(400, 'BadDigest', `The ${what} you specified did not match the calculated checksum. Send it again.`);

const invalid = (what: string): S3Refusal => new S3Refusal(400, 'InvalidRequest', `${what}.`);
