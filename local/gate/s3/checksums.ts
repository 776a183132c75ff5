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

const calculate =
  (Calculator: new () => Calculator): Digest =>
  async (bytes) => {
    const calculator = new Calculator();
    for (const piece of bytes) calculator.update(piece);
    return Buffer.from(await calculator.digest());
  };

const hashWith =
  (name: string): Digest =>
  async (bytes) => {
    const hash = createHash(name);
    for (const piece of bytes) hash.update(piece);
    return hash.digest();
  };

/** The digests that S3 accepts, by the end of the header's name, `x-amz-checksum-NAME`. */
const DIGESTS: Readonly<Record<string, Digest>> = {
  crc32: calculate(Crc32),
  crc32c: calculate(Crc32c),
  crc64nvme: calculate(Crc64Nvme),
  md5: hashWith('md5'),
  sha1: hashWith('sha1'),
  sha256: hashWith('sha256'),
  sha512: hashWith('sha512'),
  xxhash3: calculate(Xxh3_64),
  xxhash64: calculate(Xxh64),
  xxhash128: calculate(Xxh3_128),
};

export const CHECKSUM_NAMES: readonly string[] = Object.keys(DIGESTS);

const PREFIX = 'x-amz-checksum-';
/** Headers of that form that are not checksums. */
const OTHERS = new Set(['algorithm', 'type', 'mode']);
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A checksum that a client sent. */
export interface Checksum {
  /** The name in {@link DIGESTS}. */
  readonly name: string;
  /** The checksum in base64. */
  readonly value: string;
}

/**
 * Returns the checksum that a request states, in a header or a trailer.
 *
 * @throws S3Refusal if there are two, or one that the local S3 cannot verify
 */
export function readChecksum(headers: Headers): Checksum | undefined {
  const names = Object.keys(headers)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => name.slice(PREFIX.length))
    .filter((name) => !OTHERS.has(name));
  if (names.length > 1) throw invalid(`there are ${names.length} checksums, ${names.join(' and ')}; S3 takes one`);
  const [name] = names;
  if (name === undefined) return undefined;
  findDigest(name);
  return { name, value: String(headers[PREFIX + name]) };
}

/** @throws S3Refusal unless the bytes have the checksum */
export async function verifyChecksum({ name, value }: Checksum, bytes: readonly Buffer[]): Promise<void> {
  const digest = await findDigest(name)(bytes);
  if (!BASE64.test(value) || Buffer.from(value, 'base64').length !== digest.length) {
    throw invalid(`Value for ${PREFIX}${name} header is invalid: ${value} is not ${digest.length} bytes in base64`);
  }
  if (digest.toString('base64') !== value) throw badDigest(name.toUpperCase());
}

/**
 * Verifies the composite checksum of an object of several parts: the checksum of the parts' checksums, followed by
 * their number.
 *
 * @throws S3Refusal unless the parts have it
 */
export async function verifyComposite({ name, value }: Checksum, parts: readonly Buffer[]): Promise<void> {
  const digest = findDigest(name);
  const digests: Buffer[] = [];
  for (const part of parts) digests.push(await digest([part]));
  const [sum = '', count = String(parts.length)] = value.split('-');
  const composite = (await digest(digests)).toString('base64');
  if (sum !== composite || Number(count) !== parts.length) throw badDigest(name.toUpperCase());
}

/**
 * Verifies a body by the digests that came with it: `Content-MD5`, `x-amz-checksum-…` and `x-amz-content-sha256`.
 *
 * @throws S3Refusal
 */
export async function verifyBody(headers: Headers, body: Buffer): Promise<void> {
  await verifyMd5(headers['content-md5'], body);
  await verifySha256(headers['x-amz-content-sha256'], body);
  const stated = readChecksum(headers);
  if (stated) return await verifyChecksum(stated, [body]);
  const announced = headers['x-amz-sdk-checksum-algorithm'];
  if (announced !== undefined) {
    throw invalid(
      `x-amz-sdk-checksum-algorithm is ${String(announced)}, but no checksum came in a header or a trailer`,
    );
  }
}

async function verifyMd5(value: Headers[string], body: Buffer): Promise<void> {
  if (value === undefined) return;
  const given = String(value);
  if (!BASE64.test(given) || Buffer.from(given, 'base64').length !== 16) {
    throw new S3Refusal(400, 'InvalidDigest', `The Content-MD5 you specified is not valid: ${given}.`);
  }
  if ((await hashWith('md5')([body])).toString('base64') !== given) throw badDigest('Content-MD5');
}

const UNHASHED = /^(?:UNSIGNED-PAYLOAD|STREAMING-.+)$/;

async function verifySha256(value: Headers[string], body: Buffer): Promise<void> {
  if (value === undefined || UNHASHED.test(String(value))) return;
  const given = String(value);
  if (!/^[0-9a-f]{64}$/i.test(given)) {
    const message = `x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-… or a SHA-256 in hex, and is ${given}.`;
    throw new S3Refusal(400, 'InvalidArgument', message);
  }
  if ((await hashWith('sha256')([body])).toString('hex') !== given.toLowerCase()) {
    const message = 'The provided x-amz-content-sha256 header does not match what was computed.';
    throw new S3Refusal(400, 'XAmzContentSHA256Mismatch', message);
  }
}

function findDigest(name: string): Digest {
  const digest = DIGESTS[name];
  if (digest) return digest;
  throw notImplemented(`The local S3 does not support the checksum ${name}. It supports ${CHECKSUM_NAMES.join(', ')}.`);
}

const badDigest = (what: string): S3Refusal =>
  new S3Refusal(400, 'BadDigest', `The ${what} you specified did not match the calculated checksum. Send it again.`);

const invalid = (what: string): S3Refusal => new S3Refusal(400, 'InvalidRequest', `${what}.`);
