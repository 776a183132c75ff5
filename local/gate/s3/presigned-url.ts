import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { LOCAL_SECRET_ACCESS_KEY } from '../../account.ts';

export interface PresignedRequest {
  readonly method: string;
  /** Path and query as they arrived, percent-encoded. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const PARAMETERS = ['Algorithm', 'Credential', 'Date', 'Expires', 'SignedHeaders', 'Signature'] as const;

/** A week, the longest expiry that S3 accepts. */
const EXPIRES_MAX_SECONDS = 7 * 24 * 60 * 60;

/** How far ahead a clock may be. */
const SKEW_MS = 15 * 60 * 1_000;

/**
 * Returns why a presigned URL is refused, or undefined; also undefined for a URL that is not signed. The check signs
 * the request again, as S3 does (Signature Version 4). Otherwise a URL that S3 refuses would work here.
 */
export function toPresignedRefusal(request: PresignedRequest, now = Date.now()): Refusal | undefined {
  const query = new URLSearchParams(request.url.split('?')[1]);
  if (!query.has('X-Amz-Signature') && !query.has('X-Amz-Algorithm')) return undefined;
  return checkForm(query) ?? checkTime(query, now) ?? checkHeaders(request, query) ?? checkSignature(request, query);
}

const readParameter = (query: URLSearchParams, name: (typeof PARAMETERS)[number]): string =>
  query.get(`X-Amz-${name}`) ?? '';

function checkForm(query: URLSearchParams): Refusal | undefined {
  const missing = PARAMETERS.find((name) => readParameter(query, name) === '');
  if (missing !== undefined) return malformed(`it has no X-Amz-${missing}`);
  const algorithm = readParameter(query, 'Algorithm');
  if (algorithm !== 'AWS4-HMAC-SHA256') return malformed(`X-Amz-Algorithm is ${algorithm}, not AWS4-HMAC-SHA256`);
  const expires = readParameter(query, 'Expires');
  const isExpiry = Number(expires) >= 1 && Number(expires) <= EXPIRES_MAX_SECONDS;
  return isExpiry ? undefined : malformed(`X-Amz-Expires is ${expires}, not 1 to ${EXPIRES_MAX_SECONDS} seconds`);
}

function checkTime(query: URLSearchParams, now: number): Refusal | undefined {
  const date = readParameter(query, 'Date');
  const signedAt = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5'));
  if (Number.isNaN(signedAt)) return malformed(`X-Amz-Date is ${date}, not a time such as 20260131T080000Z`);
  if (now > signedAt + Number(readParameter(query, 'Expires')) * 1_000) return denied('Request has expired');
  return now < signedAt - SKEW_MS ? denied('Request is not valid yet') : undefined;
}

/** Refuses unsigned x-amz- headers, such as those of a caller's own signature, which a redirect sends along. */
function checkHeaders({ headers }: PresignedRequest, query: URLSearchParams): Refusal | undefined {
  const signed = readParameter(query, 'SignedHeaders').split(';');
  const others = Object.keys(headers).filter((name) => name.startsWith('x-amz-') && !signed.includes(name));
  return others.length === 0
    ? undefined
    : denied(`There were headers present in the request which were not signed: ${others.join(', ')}`);
}

const checkSignature = (request: PresignedRequest, query: URLSearchParams): Refusal | undefined =>
  isSame(sign(request, query), readParameter(query, 'Signature')) ? undefined : mismatch(request, query);

const malformed = (what: string): Refusal => ({
  status: 400,
  code: 'AuthorizationQueryParametersError',
  message: `The presigned URL is malformed: ${what}.`,
});

const denied = (message: string): Refusal => ({ status: 403, code: 'AccessDenied', message });

/** S3 says only the first sentence. The hint names the most frequent mistake: the length of the upload. */
function mismatch({ headers }: PresignedRequest, query: URLSearchParams): Refusal {
  const isLengthSigned = readParameter(query, 'SignedHeaders').split(';').includes('content-length');
  const length = headers['content-length'];
  const hint = isLengthSigned
    ? `The URL accepts only the length that it was signed for, the contentLength of the request for it, and this request ${length === undefined ? 'states no length' : `has ${length} bytes`}. If the length is right, the method`
    : 'The method';
  return {
    status: 403,
    code: 'SignatureDoesNotMatch',
    message:
      `The signature does not match this request. ${hint}, path, query, signed headers and secret key must be those that were signed. ` +
      `The secret key of this machine is "${LOCAL_SECRET_ACCESS_KEY}".`,
  };
}

function sign(request: PresignedRequest, query: URLSearchParams): string {
  const [, ...scope] = readParameter(query, 'Credential').split('/');
  const canonical = createHash('sha256').update(toCanonicalRequest(request, query)).digest('hex');
  const key = scope.reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${LOCAL_SECRET_ACCESS_KEY}`);
  return hmac(key, ['AWS4-HMAC-SHA256', readParameter(query, 'Date'), scope.join('/'), canonical].join('\n')).toString(
    'hex',
  );
}

function toCanonicalRequest({ method, url, headers }: PresignedRequest, query: URLSearchParams): string {
  const signedHeaders = query.get('X-Amz-SignedHeaders') ?? '';
  const path = (url.split('?')[0] ?? '').split('/').map((part) => percentEncode(decodeURIComponent(part)));
  const parameters = [...query].filter(([name]) => name !== 'X-Amz-Signature');
  const headerLines = signedHeaders
    .split(';')
    .map((name) => `${name}:${collapseBlanks(String(headers[name] ?? ''))}\n`);
  return [
    method,
    path.join('/'),
    parameters
      .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
      .toSorted(byNameAndValue)
      .map((pair) => pair.join('='))
      .join('&'),
    headerLines.join(''),
    signedHeaders,
    query.get('X-Amz-Content-Sha256') ?? headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD',
  ].join('\n');
}

/** Trims a value and collapses its blanks, as SigV4 does. */
const collapseBlanks = (value: string): string => value.trim().replaceAll(/ +/g, ' ');

/** Compares by name first: `a` comes before `a-b`, although `a-b=` comes before `a=`. */
function byNameAndValue(one: readonly [string, string], other: readonly [string, string]): number {
  const at = one[0] === other[0] ? 1 : 0;
  if (one[at] === other[at]) return 0;
  return one[at] < other[at] ? -1 : 1;
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Percent-encodes as SigV4 does: everything but letters, digits and -._~ */
const percentEncode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);

const isSame = (expected: string, given: string): boolean =>
  expected.length === given.length && timingSafeEqual(Buffer.from(expected), Buffer.from(given));
