import type { IncomingHttpHeaders } from 'node:http';
import { ACCOUNT_ID } from '../../account.ts';
import { notImplemented, S3Refusal } from './refusal.ts';
import { type S3Request, toS3Operation, findUnknownSubresource } from '../call/s3-operation.ts';

/** Headers that request what the local S3 does not support, with the values that request its only behaviour. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  'x-amz-acl': ['private', 'bucket-owner-full-control'],
  'x-amz-bucket-object-lock-enabled': ['false'],
  'x-amz-bypass-governance-retention': ['false'],
  'x-amz-mfa': [],
  'x-amz-object-ownership': ['BucketOwnerEnforced'],
  'x-amz-server-side-encryption': ['AES256'],
  'x-amz-storage-class': ['STANDARD'],
  'x-amz-tagging': [''],
  'x-amz-tagging-directive': ['COPY'],
  'x-amz-website-redirect-location': [],
  'x-amz-write-offset-bytes': [],
};

/** Prefixes of further such headers. */
const FAMILIES = [
  'x-amz-copy-source-server-side-encryption-',
  'x-amz-grant-',
  'x-amz-object-lock-',
  'x-amz-rename-source-',
  'x-amz-server-side-encryption-',
];

/** The longest key, in bytes of UTF-8. */
const KEY_MAX_BYTES = 1_024;

const OWNERS = ['x-amz-expected-bucket-owner', 'x-amz-source-expected-bucket-owner'] as const;

/** @throws S3Refusal for what fauxqs would ignore or misunderstand */
export function refuseUnsupported(request: S3Request): void {
  const subresource = findUnknownSubresource(request);
  if (subresource !== undefined) throw notImplemented(`The local S3 does not support ?${subresource}.`);
  refuseLongKey(request.key);
  refuseForms(request);
  refuseHeaders(request.headers);
  refuseSource(request.headers['x-amz-copy-source']);
}

function refuseLongKey(key: string): void {
  const bytes = Buffer.byteLength(key);
  if (bytes <= KEY_MAX_BYTES) return;
  throw new S3Refusal(
    400,
    'KeyTooLongError',
    `Your key is too long: ${bytes} bytes. It may have up to ${KEY_MAX_BYTES}.`,
  );
}

function refuseForms(request: S3Request): void {
  const operation = toS3Operation(request);
  if (operation === 'PostObject') throw notImplemented('The local S3 does not support form uploads. Use PUT.');
  if (operation !== 'MethodNotAllowed') return;
  const message = `S3 has no operation ${request.method} on this resource with these parameters.`;
  throw new S3Refusal(405, 'MethodNotAllowed', message);
}

function refuseHeaders(headers: IncomingHttpHeaders): void {
  for (const [name, given] of Object.entries(headers)) {
    const value = String(given);
    const allowed = VALUES[name] ?? (FAMILIES.some((family) => name.startsWith(family)) ? [] : undefined);
    if (allowed && !allowed.includes(value)) {
      const instead = allowed.filter((one) => one !== '').join(' or ');
      throw notImplemented(
        `The local S3 does not support ${name}: ${value}. ${instead ? `It may be ${instead}.` : 'Leave it out.'}`,
      );
    }
  }
  const ownerHeader = OWNERS.find((name) => headers[name] !== undefined && headers[name] !== ACCOUNT_ID);
  if (ownerHeader === undefined) return;
  const message = `${ownerHeader} is ${String(headers[ownerHeader])}. The account of this machine is ${ACCOUNT_ID}.`;
  throw new S3Refusal(403, 'AccessDenied', message);
}

function refuseSource(source: string | string[] | undefined): void {
  if (source === undefined) return;
  const [path = '', query] = String(source).split('?');
  if (query !== undefined)
    throw notImplemented('The local S3 keeps no versions, so x-amz-copy-source must not name one.');
  if (isEncoded(path) && /^\/?[^/]+\/./.test(decodeURIComponent(path))) return;
  const message = `x-amz-copy-source is ${path}. It must be a bucket, a slash and a key, percent-encoded.`;
  throw new S3Refusal(400, 'InvalidArgument', message);
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}
