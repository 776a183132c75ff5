import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { LOCAL_SECRET_ACCESS_KEY } from '../../account.ts';

export interface PresignedRequest {
  readonly method: string;
  /** As it came: path and query, percent-toJsonText. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const PARAMETERS = ['Algorithm', 'Credential', 'Date', 'Expires', 'SignedHeaders', 'Signature'] as const;

/** A week, the longest that S3 takes. */
const EXPIRES_MAX_SECONDS = 7 * 24 * 60 * 60;

/** How far a clock may be ahead. */
const SKEW_MS = 15 * 60 * 1_000;

/**
 * Why a presigned URL is refused, or undefined; a URL that is not signed is nobody's affair here. It is checked as S3
 * does, by signing the request again (Signature Version 4): otherwise a URL that S3 refuses would work here.
 */
export function presignedRefusal(request: PresignedRequest, now = Date.now()): Refusal | undefined {
  const query = new URLSearchParams(request.url.split('?')[1]);
  if (!query.has('X-Amz-Signature') && !query.has('X-Amz-Algorithm')) return undefined;
  return (
    malformedRefusal(query) ??
    timeRefusal(query, now) ??
    headersRefusal(request, query) ??
    signatureRefusal(request, query)
  );
}

const parameter = (query: URLSearchParams, name: (typeof PARAMETERS)[number]): string =>
  query.get(`X-Amz-${name}`) ?? '';

function malformedRefusal(query: URLSearchParams): Refusal | undefined {
  const missing = PARAMETERS.find((name) => parameter(query, name) === '');
  if (missing !== undefined) return malformed(`it has no X-Amz-${missing}`);
  const algorithm = parameter(query, 'Algorithm');
  if (algorithm !== 'AWS4-HMAC-SHA256') return malformed(`X-Amz-Algorithm is ${algorithm}, not AWS4-HMAC-SHA256`);
  const expires = parameter(query, 'Expires');
  const isExpiry = Number(expires) >= 1 && Number(expires) <= EXPIRES_MAX_SECONDS;
  return isExpiry ? undefined : malformed(`X-Amz-Expires is ${expires}, not 1 to ${EXPIRES_MAX_SECONDS} seconds`);
}

function timeRefusal(query: URLSearchParams, now: number): Refusal | undefined {
  const date = parameter(query, 'Date');
  const signedAt = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5'));
  if (Number.isNaN(signedAt)) return malformed(`X-Amz-Date is ${date}, not a time such as 20260131T080000Z`);
  if (now > signedAt + Number(parameter(query, 'Expires')) * 1_000) return denied('Request has expired');
  return now < signedAt - SKEW_MS ? denied('Request is not valid yet') : undefined;
}

/** Such as those of a caller's own signature, which a redirect brings along. */
function headersRefusal({ headers }: PresignedRequest, query: URLSearchParams): Refusal | undefined {
  const signed = parameter(query, 'SignedHeaders').split(';');
  const others = Object.keys(headers).filter((name) => name.startsWith('x-amz-') && !signed.includes(name));
  return others.length === 0
    ? undefined
    : denied(`There were headers present in the request which were not signed: ${others.join(', ')}`);
}

const signatureRefusal = (request: PresignedRequest, query: URLSearchParams): Refusal | undefined =>
  isSame(signatureOf(request, query), parameter(query, 'Signature')) ? undefined : mismatch(request, query);

const malformed = (what: string): Refusal => ({
  status: 400,
  code: 'AuthorizationQueryParametersError',
  message: `The presigned URL is malformed: ${what}.`,
});

const denied = (message: string): Refusal => ({ status: 403, code: 'AccessDenied', message });

/** S3 says no more than the first sentence. The lengths of uploads are what people get wrong. */
function mismatch({ headers }: PresignedRequest, query: URLSearchParams): Refusal {
  const isLengthSigned = parameter(query, 'SignedHeaders').split(';').includes('content-length');
  const length = headers['content-length'];
  const hint = isLengthSigned
    ? `The URL takes exactly the length that it was made for, the contentLength of the promise; this request ${length === undefined ? 'names no length' : `has ${length} bytes`}. Otherwise the method`
    : 'The method';
  return {
    status: 403,
    code: 'SignatureDoesNotMatch',
    message:
      `The signature is not that of this request. ${hint}, path, query, signed headers and secret key must be those that were signed; ` +
      `the secret key of this machine is "${LOCAL_SECRET_ACCESS_KEY}".`,
  };
}

function signatureOf(request: PresignedRequest, query: URLSearchParams): string {
  const [, ...scope] = parameter(query, 'Credential').split('/');
  const canonical = createHash('sha256').update(canonicalRequest(request, query)).digest('hex');
  const key = scope.reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${LOCAL_SECRET_ACCESS_KEY}`);
  return hmac(key, ['AWS4-HMAC-SHA256', parameter(query, 'Date'), scope.join('/'), canonical].join('\n')).toString(
    'hex',
  );
}

function canonicalRequest({ method, url, headers }: PresignedRequest, query: URLSearchParams): string {
  const signedHeaders = query.get('X-Amz-SignedHeaders') ?? '';
  const path = (url.split('?')[0] ?? '').split('/').map((part) => toJsonText(decodeURIComponent(part)));
  const parameters = [...query].filter(([name]) => name !== 'X-Amz-Signature');
  const headerLines = signedHeaders.split(';').map((name) => `${name}:${folded(String(headers[name] ?? ''))}\n`);
  return [
    method,
    path.join('/'),
    parameters
      .map(([name, value]) => [toJsonText(name), toJsonText(value)] as const)
      .toSorted(byNameAndValue)
      .map((parameter) => parameter.join('='))
      .join('&'),
    headerLines.join(''),
    signedHeaders,
    query.get('X-Amz-Content-Sha256') ?? headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD',
  ].join('\n');
}

/** As SigV4 signs a value: without blanks around it, and of several blanks in a row one. */
const folded = (value: string): string => value.trim().replaceAll(/ +/g, ' ');

/** By the names first: `a` comes before `a-b`, though `a-b=` comes before `a=`. */
function byNameAndValue(one: readonly [string, string], other: readonly [string, string]): number {
  const at = one[0] === other[0] ? 1 : 0;
  if (one[at] === other[at]) return 0;
  return one[at] < other[at] ? -1 : 1;
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** As SigV4 encodes: everything but letters, digits and -._~ */
const toJsonText = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);

const isSame = (expected: string, given: string): boolean =>
  expected.length === given.length && timingSafeEqual(Buffer.from(expected), Buffer.from(given));
