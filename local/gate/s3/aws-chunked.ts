import type { IncomingHttpHeaders } from 'node:http';
import { S3Refusal } from './refusal.ts';

/** What the client has put into frames, taken out of them. */
export interface Unframed {
  readonly body: Buffer;
  /** The headers that come behind the last frame, by lower-case name. */
  readonly trailers: Readonly<Record<string, string>>;
}

const CRLF = '\r\n';
const SIZE_LINE = /^([0-9a-f]{1,8})(?:;.*)?$/i;

/** The longest line before a frame: its size and a signature. */
const LINE_MAX_BYTES = 1_024;

/**
 * Whether a body comes in frames. S3 tells by `x-amz-content-sha256` alone: some clients sign chunk by chunk and send
 * no `Content-Encoding: aws-chunked`.
 */
export const isFramed = (headers: IncomingHttpHeaders): boolean =>
  String(headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');

/**
 * Takes a body out of its frames: `SIZE[;chunk-signature=…]`, the bytes, and so on, up to a frame of size 0 and the
 * trailers. The signatures of frames are not checked, as no other signature of a header is.
 *
 * @throws S3Refusal `IncompleteBody` unless the frames are whole and have the length that was announced
 */
export function unframed(framed: Buffer, headers: IncomingHttpHeaders): Unframed {
  const frames: Buffer[] = [];
  let at = 0;
  for (;;) {
    const { size, begin } = frameAt(framed, at);
    if (size === 0) return whole(Buffer.concat(frames), framed.subarray(begin), headers);
    at = begin + size + CRLF.length;
    if (framed.subarray(begin + size, at).toString('latin1') !== CRLF)
      throw broken(`a frame is not ${size} bytes long`);
    frames.push(framed.subarray(begin, begin + size));
  }
}

function frameAt(framed: Buffer, at: number): { readonly size: number; readonly begin: number } {
  const end = framed.subarray(at, at + LINE_MAX_BYTES).indexOf(CRLF);
  const size = end < 0 ? undefined : SIZE_LINE.exec(framed.subarray(at, at + end).toString('latin1'))?.[1];
  if (size === undefined) throw broken(`no frame begins at byte ${at}`);
  return { size: Number.parseInt(size, 16), begin: at + end + CRLF.length };
}

function whole(body: Buffer, rest: Buffer, headers: IncomingHttpHeaders): Unframed {
  const announced = headers['x-amz-decoded-content-length'];
  if (announced !== undefined && Number(announced) !== body.length) {
    throw broken(`the frames hold ${body.length} bytes, and x-amz-decoded-content-length says ${String(announced)}`);
  }
  return { body, trailers: trailersOf(rest, String(headers['x-amz-trailer'] ?? '')) };
}

/** Some clients end a trailer with a bare line feed. */
function trailersOf(rest: Buffer, announced: string): Record<string, string> {
  const lines = rest.toString('latin1').split(/\r?\n/);
  const given = lines.map((line) => /^([^:]+):(.*)$/.exec(line)).filter((match) => match !== null);
  const trailers = Object.fromEntries(
    given.map(([, name = '', value = '']) => [name.trim().toLowerCase(), value.trim()]),
  );
  const names = announced
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const missing = names.find((name) => name !== '' && !(name in trailers));
  if (missing === undefined) return trailers;
  const message = `x-amz-trailer announces ${missing}, which does not come behind the body.`;
  throw new S3Refusal(400, 'MalformedTrailerError', message);
}

const broken = (what: string): S3Refusal =>
  new S3Refusal(400, 'IncompleteBody', `The aws-chunked body is broken or not complete: ${what}. Send it again.`);
