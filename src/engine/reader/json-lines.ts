import { SourceError } from '../errors.ts';
import type { Refusal } from '../model/outcome.ts';
import { plainName } from './column-names.ts';
import { readLines } from './text/lines.ts';
import { fitCells } from './faults.ts';
import { RECORD_REACH_BYTES, type ReadFrom, type SourceRecord } from '../model/records.ts';
import type { SourceFormat } from '../model/source-format.ts';

/**
 * Reads a record from each line that is not blank. Its one cell is the whole line. {@link cellsOfLine} parses it when
 * the item is decided, so a line that is no object becomes a failed item.
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
        records.push({ ...fitCells([text]), line, endOffset, nextLine: line + 1 });
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

/** Blank lines are bounded, because a splitter can stop only after a record. */
const tooManyBlankLines = (line: number): SourceError =>
  new SourceError(
    'RECORD_TOO_LARGE',
    `More than ${RECORD_REACH_BYTES} bytes of blank lines end at line ${line}. Remove them and upload the file again.`,
  );

/** The rules for a line. */
export interface LineRules {
  /** The columns whose values must be neither objects nor lists. */
  readonly plain?: readonly string[];
  /** Whether an unknown name is refused. */
  readonly isStrict?: boolean;
}

/**
 * Reads the cells of a line, in the order of the header. Names are matched by their letters and digits. If a name
 * occurs twice in the same spelling, the last one counts, as in JSON. Names that the header lacks are ignored, and
 * never become keys of an object. Numbers and booleans keep their spelling, null is an empty cell, and a nested value
 * is its JSON, unless its name is one of `plain`: then the line is refused.
 */
export function cellsOfLine(
  header: readonly string[],
  line: string,
  { plain = [], isStrict = false }: LineRules = {},
): readonly string[] | Refusal {
  const fields = parseFields(line);
  if (!fields) {
    return { code: 'INVALID_JSON', message: 'The line is not one JSON object, such as {"title":"Call Bob"}.' };
  }
  const twice = plain.find((name) => fields.get(keyOf(name))?.isTwice);
  if (twice !== undefined) {
    return {
      code: 'INVALID_JSON',
      column: twice,
      message: 'The line has two names that mean this column, by their letters and digits. Remove one of them.',
    };
  }
  const known = isStrict ? new Set(header.map(keyOf)) : undefined;
  if (known && [...fields.keys()].some((key) => !known.has(key))) {
    return {
      code: 'UNKNOWN_COLUMN',
      message: 'The upload is strict, and the line has a name that is neither a column nor in the first line.',
    };
  }
  const nested = plain.find((name) => fields.get(keyOf(name))?.isNested);
  if (nested !== undefined) {
    return {
      code: 'INVALID_JSON',
      column: nested,
      message: 'The value is an object or a list. Allowed: text, a number, true, false, null.',
    };
  }
  return header.map((name) => fields.get(keyOf(name))?.text ?? '');
}

/** Reads the names of a line as they are written; none if it is no object. */
export const namesIn = (line: string): readonly string[] => Object.keys(parseObject(line) ?? {});

interface Field {
  readonly name: string;
  readonly text: string;
  readonly isNested: boolean;
  /** Another name of the line means the same. */
  readonly isTwice: boolean;
}

/** The key of a name. A name without letters and digits is its own key. */
const keyOf = (name: string): string => plainName(name) || name.trim();

/** Parses the fields of a line, by the keys of their names. Undefined if the line is no object. */
function parseFields(line: string): ReadonlyMap<string, Field> | undefined {
  const value = parseObject(line, keepDigits);
  if (!value) return undefined;
  const cells = Object.entries(value).map(([name, one]): Field => {
    if (!isNested(one)) return { name, text: String(one ?? ''), isNested: false, isTwice: false };
    const { [name]: asRead } = parseJson(line) as Readonly<Record<string, unknown>>;
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
function parseObject(line: string, reviver?: Reviver): object | undefined {
  const value = parseJson(line, reviver);
  return isNested(value) && !Array.isArray(value) ? value : undefined;
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;

type Reviver = (name: string, value: unknown, context?: { readonly source?: string }) => unknown;
/** Keeps the digits with which a number is written. */
const keepDigits: Reviver = (_, value, context) => (typeof value === 'number' ? context?.source : value);

function parseJson(line: string, reviver?: Reviver): unknown {
  try {
    return JSON.parse(line, reviver);
  } catch {
    // The text is not JSON, or its objects are nested too deep for the stack.
    return undefined;
  }
}
