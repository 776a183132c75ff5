import { SourceError } from '../../errors.ts';
import { WithoutEndMark } from './end-mark.ts';
import { RECORD_REACH_BYTES, type ReadFrom } from '../../model/records.ts';
import { transcoderOf } from './transcoder.ts';
import type { Encoding } from '../../model/source-format.ts';

export interface SourceLine {
  /** Without its line end. */
  readonly text: string;
  readonly line: number;
  /** Offset of the first byte behind it in the source. */
  readonly endOffset: number;
}

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * The lines of a source from the beginning of one on, piece by piece; the last one may lack its line end, or end with
 * the end mark of DOS.
 * @throws SourceError RECORD_TOO_LARGE
 */
export async function* readLines(
  bytes: AsyncIterable<Uint8Array>,
  from: ReadFrom,
  encoding: Encoding,
  maxBytes = RECORD_REACH_BYTES,
): AsyncGenerator<readonly SourceLine[]> {
  const transcoder = transcoderOf(encoding, from.byteOffset);
  const endMark = new WithoutEndMark();
  let rest: Buffer = Buffer.alloc(0);
  /** In the UTF-8 that the transcoder gives. */
  let offset = 0;
  let line = from.line;
  const lineOf = (text: Buffer, end: number): SourceLine => {
    offset += end;
    const isFirst = from.byteOffset === 0 && line === 1;
    const plain = text.toString('utf8').replace(/\r$/, '');
    return {
      text: isFirst && plain.startsWith(BYTE_ORDER_MARK) ? plain.slice(1) : plain,
      line: line++,
      endOffset: transcoder.sourceOffset(offset),
    };
  };
  for await (const piece of bytes) {
    let text = Buffer.concat([rest, endMark.take(transcoder.decode(piece))]);
    const lines: SourceLine[] = [];
    const nextEnd = (): number => text.indexOf(LINE_FEED);
    for (let end = nextEnd(); end >= 0 && end <= maxBytes; end = nextEnd()) {
      lines.push(lineOf(text.subarray(0, end), end + 1));
      text = text.subarray(end + 1);
    }
    rest = text;
    if (lines.length > 0) yield lines;
    if (rest.length > maxBytes) throw tooLong(line, maxBytes);
  }
  rest = Buffer.concat([rest, endMark.take(transcoder.end())]);
  if (rest.length > 0) yield [lineOf(rest, rest.length)];
}

const tooLong = (line: number, maxBytes: number): SourceError =>
  new SourceError(
    'RECORD_TOO_LARGE',
    `Line ${line} is longer than ${maxBytes} bytes. Each line must be one JSON object.`,
  );
