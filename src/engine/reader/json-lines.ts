import { SourceError } from '../errors.ts';
import type { Refusal } from '../model/outcome.ts';
import { plainName } from './column-names.ts';
import { readLines } from './text/lines.ts';
import { fitting } from './faults.ts';
import { RECORD_REACH_BYTES, type ReadFrom, type SourceRecord } from '../model/records.ts';
import type { SourceFormat } from '../model/source-format.ts';

/**
 * Reads a record from each line that is not blank. Its one cell is the line as it was read: {@link cellsOfLine} takes
 * it apart where the item is decided, so a line that is no object is a failed item, and nothing is parsed before.
 * @throws SourceError RECORD_TOO_LARGE
 */
export async function* readJsonLines(
  bytes: AsyncIterable<Uint8Array>,
  from: ReadFrom,
  { encoding }: Pick<SourceFormat, 'encoding'>,
): AsyncGenerator<readonly SourceRecord[]> {
  let end = from.byteOffset;
  for await (const lines of readLines(bytes, from, encoding)) {
    const records: SourceRecord[] = [];
    let tooManyAt: number | undefined;
    for (const { text, line, endOffset } of lines) {
      if (text.trim() !== '') {
        records.push({ ...fitting([text]), line, endOffset, nextLine: line + 1 });
        end = endOffset;
      } else if (endOffset - end > RECORD_REACH_BYTES) {
        tooManyAt = line;
        break;
      }
    }
    if (records.length > 0) yield records;
    if (tooManyAt !== undefined) throw tooManyBlankLines(tooManyAt);
  }
}

/** A reader can stop only behind a record: blank lines without end would keep it for ever. */
const tooManyBlankLines = (line: number): SourceError =>
  new SourceError(
    'RECORD_TOO_LARGE',
    `More than ${RECORD_REACH_BYTES} bytes of blank lines end at line ${line}. Take them out, and upload the file again.`,
  );

/** What a line is held against. */
export interface LineRules {
  /** Columns whose values are no objects and no lists. */
  readonly plain?: readonly string[];
  /** No name may be unknown. */
  readonly isStrict?: boolean;
}

/**
 * The cells of a line, in the order of the header. Names are matched by their letters and digits; of one that stands
 * there twice in the same spelling the last counts, as in JSON; names that the header lacks are ignored, and none of
 * them becomes the key of an object. Numbers and booleans are taken as they are written, null as an empty cell, and a
 * nested value as its JSON, unless its name is one of `plain`: then the line is refused.
 */
export function cellsOfLine(
  header: readonly string[],
  line: string,
  { plain = [], isStrict = false }: LineRules = {},
): readonly string[] | Refusal {
  const fields = fieldsOf(line);
  if (!fields) {
    return { code: 'INVALID_JSON', message: 'The line is not one JSON object, such as {"title":"Call Bob"}.' };
  }
  const twice = plain.find((name) => fields.get(keyOf(name))?.isTwice);
  if (twice !== undefined) {
    return {
      code: 'INVALID_JSON',
      column: twice,
      message: 'The line has two names that mean this column, by their letters and digits; only one of them can count.',
    };
  }
  const known = isStrict ? new Set(header.map(keyOf)) : undefined;
  if (known && [...fields.keys()].some((key) => !known.has(key))) {
    return {
      code: 'UNKNOWN_COLUMN',
      message: 'The upload is strict, and the line has a name that neither the columns nor the first line have.',
    };
  }
  const nested = plain.find((name) => fields.get(keyOf(name))?.isNested);
  if (nested !== undefined) {
    return {
      code: 'INVALID_JSON',
      column: nested,
      message: 'The value is an object or a list; text, a number, true, false or null would be accepted.',
    };
  }
  return header.map((name) => fields.get(keyOf(name))?.text ?? '');
}

/** The names of a line as they are written; none if it is no object. */
export const namesIn = (line: string): readonly string[] => Object.keys(objectIn(line) ?? {});

interface Field {
  readonly name: string;
  readonly text: string;
  readonly isNested: boolean;
  /** Another name of the line means the same. */
  readonly isTwice: boolean;
}

/** Names of symbols alone are told apart by these. */
const keyOf = (name: string): string => plainName(name) || name.trim();

/** By the letters and digits of the name; undefined if the line is no object. */
function fieldsOf(line: string): ReadonlyMap<string, Field> | undefined {
  const value = objectIn(line, digitsOf);
  if (!value) return undefined;
  const cells = Object.entries(value).map(([name, one]): Field => {
    if (!isNested(one)) return { name, text: String(one ?? ''), isNested: false, isTwice: false };
    const { [name]: asRead } = parsed(line) as Readonly<Record<string, unknown>>;
    return { name, text: JSON.stringify(asRead), isNested: true, isTwice: false };
  });
  const fields = new Map<string, Field>();
  for (const cell of cells) {
    const key = keyOf(cell.name);
    fields.set(key, { ...cell, isTwice: fields.has(key) });
  }
  return fields;
}

/** Undefined if the line is no object. */
function objectIn(line: string, reviver?: Reviver): object | undefined {
  const value = parsed(line, reviver);
  return isNested(value) && !Array.isArray(value) ? value : undefined;
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;

type Reviver = (name: string, value: unknown, context?: { readonly source?: string }) => unknown;
/** A number keeps the digits that it is written with. */
const digitsOf: Reviver = (_, value, context) => (typeof value === 'number' ? context?.source : value);

function parsed(line: string, reviver?: Reviver): unknown {
  try {
    return JSON.parse(line, reviver);
  } catch {
    // The text is not JSON, or its objects lie in each other deeper than a stack is.
    return undefined;
  }
}
