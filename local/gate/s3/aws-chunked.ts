import type { IncomingHttpHeaders } from 'node:http';
import { S3Refusal } from './refusal.ts';

/** A body taken out of its frames. */
export interface Unframed {
  readonly body: Buffer;
  /** The headers after the last frame, by lower-case name. */
  readonly trailers: Readonly<Record<string, string>>;
}

const CRLF = '\r\n';
const SIZE_LINE = /^([0-9a-f]{1,8})(?:;.*)?$/i;

/** The longest line before a frame; it has the size and a signature. */
const LINE_MAX_BYTES = 1_024;

/**
 * Returns whether a body has frames. S3 decides that by `x-amz-content-sha256` alone: some clients sign chunk by chunk
 * and send no `Content-Encoding: aws-chunked`.
 */
export const isFramed = (headers: IncomingHttpHeaders): boolean =>
  String(headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');

/**
 * Removes the frames of a body: `SIZE[;chunk-signature=…]`, the bytes, and so on, up to a frame of size 0 and the
 * trailers. The signatures of frames are not checked, like all signatures in headers.
 *
 * @throws S3Refusal `IncompleteBody` unless the frames are complete and have the announced length
 */
export function unframe(framed: Buffer, headers: IncomingHttpHeaders): Unframed {
  const frames: Buffer[] = [];
  let at = 0;
  for (;;) {
    const { size, begin } = readFrame(framed, at);
    if (size === 0) return toUnframed(Buffer.concat(frames), framed.subarray(begin), headers);
    at = begin + size + CRLF.length;
    if (framed.subarray(begin + size, at).toString('latin1') !== CRLF)
      throw incompleteBody(`a frame is not ${size} bytes long`);
    frames.push(framed.subarray(begin, begin + size));
  }
}

function readFrame(framed: Buffer, at: number): { readonly size: number; readonly begin: number } {
  const end = framed.subarray(at, at + LINE_MAX_BYTES).indexOf(CRLF);
  const size = end < 0 ? undefined : SIZE_LINE.exec(framed.subarray(at, at + end).toString('latin1'))?.[1];
  if (size === undefined) throw incompleteBody(`no frame begins at byte ${at}`);
  return { size: Number.parseInt(size, 16), begin: at + end + CRLF.length };
}

function toUnframed(body: Buffer, rest: Buffer, headers: IncomingHttpHeaders): Unframed {
  const announced = headers['x-amz-decoded-content-length'];
  if (announced !== undefined && Number(announced) !== body.length) {
    throw incompleteBody(
      `the frames hold ${body.length} bytes, and x-amz-decoded-content-length says ${String(announced)}`,
    );
  }
  return { body, trailers: readTrailers(rest, String(headers['x-amz-trailer'] ?? '')) };
}

/** Some clients end a trailer with a bare line feed. */
function readTrailers(rest: Buffer, announced: string): Record<string, string> {
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
  const message = `x-amz-trailer announces ${missing}, which does not follow the body.`;
  throw new S3Refusal(400, 'MalformedTrailerError', message);
}

const incompleteBody = (what: string): S3Refusal =>
  new S3Refusal(400, 'IncompleteBody', `The aws-chunked body is malformed or incomplete: ${what}. Send it again.`);
