import { SourceError } from '../../errors.ts';
import { EndMarkFilter } from './end-mark.ts';
import { RECORD_REACH_BYTES, type ReadFrom } from '../../model/records.ts';
import { createTranscoder } from './transcoder.ts';
import type { Encoding } from '../../model/source-format.ts';

export interface SourceLine {
  /** The line without its line end. */
  readonly text: string;
  readonly line: number;
  /** The offset of the first byte after the line in the source. */
  readonly endOffset: number;
}

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Reads the lines of a source from the beginning of one on, piece by piece. The last line may lack its line end, or end
 * with the end mark of DOS.
 * @throws SourceError RECORD_TOO_LARGE
 */
export async function* readLines(
  bytes: AsyncIterable<Uint8Array>,
  from: ReadFrom,
  encoding: Encoding,
  maxBytes = RECORD_REACH_BYTES,
): AsyncGenerator<readonly SourceLine[]> {
  const transcoder = createTranscoder(encoding, from.byteOffset);
  const endMark = new EndMarkFilter();
  let rest: Buffer = Buffer.alloc(0);
  /** The offset in the UTF-8 of the transcoder. */
  let offset = 0;
  let line = from.line;
  const toLine = (text: Buffer, end: number): SourceLine => {
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
      lines.push(toLine(text.subarray(0, end), end + 1));
      text = text.subarray(end + 1);
    }
    rest = text;
    if (lines.length > 0) yield lines;
    if (rest.length > maxBytes) throw tooLong(line, maxBytes);
  }
  rest = Buffer.concat([rest, endMark.take(transcoder.end())]);
  if (rest.length > 0) yield [toLine(rest, rest.length)];
}

const tooLong = (line: number, maxBytes: number): SourceError =>
  new SourceError(
    'RECORD_TOO_LARGE',
    `Line ${line} is longer than ${maxBytes} bytes. Each line must be one JSON object.`,
  );
