import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SourceError } from '../../src/engine/index.ts';
import { readCsv } from '../../src/engine/reader/csv.ts';
import type { SourceRecord } from '../../src/engine/model/records.ts';
import { cases, type Case } from './peers/cases.ts';

const SPECTRUM = join(import.meta.dirname, '../../node_modules/csv-spectrum');

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Reads bytes as the reader does once encoding and delimiter are known. */
async function read(bytes: Uint8Array, delimiter = ','): Promise<Pick<Case, 'records' | 'failed'>> {
  const records: (readonly string[] | string)[] = [];
  const format = { encoding: 'utf-8', delimiter: delimiter as ',' } as const;
  try {
    for await (const some of readCsv(once(bytes), { byteOffset: 0, line: 1 }, format)) {
      records.push(...some.map(cellsOrFault));
    }
    return { records };
  } catch (error) {
    if (error instanceof SourceError) return { failed: error.code };
    throw error;
  }
}

const cellsOrFault = (record: SourceRecord): readonly string[] | string => record.fault ?? record.cells;

describe('the collection csv-spectrum', () => {
  const names = readdirSync(join(SPECTRUM, 'csvs')).map((file) => file.replace('.csv', ''));
  const textOf = (file: string): Buffer => readFileSync(join(SPECTRUM, file));
  /** Reads the expected table: one object for each row, whose names are the header. */
  const tableOf = (name: string): string[][] => {
    const rows = [JSON.parse(textOf(`json/${name}.json`).toString()) as Record<string, string>[]].flat();
    return [Object.keys(rows[0]!), ...rows.map((row) => Object.values(row))];
  };

  it('is complete', () => expect(names).toHaveLength(12));

  it.each(names.filter((name) => name !== 'location_coordinates'))('%s is read exactly', async (name) => {
    expect(await read(textOf(`csvs/${name}.csv`))).toEqual({ records: tableOf(name) });
  });

  it('location_coordinates is read as written, although its JSON has another phone number', async () => {
    const [header, [, ...cells]] = tableOf('location_coordinates') as [string[], string[]];
    const records = [header, ['2095257564', ...cells]];
    expect(await read(textOf('csvs/location_coordinates.csv'))).toEqual({ records });
  });
});

describe('what readers read differently', () => {
  const expectRead = async ({ text, delimiter, records, failed }: Case): Promise<void> =>
    expect(await read(Buffer.from(text), delimiter)).toEqual(records ? { records } : { failed });

  it.each(cases)('$name', expectRead);

  it('is listed in docs/files.md, and nothing else is', () => {
    const docs = readFileSync(join(import.meta.dirname, '../../docs/files.md'), 'utf8');
    const table = docs.slice(docs.indexOf('## Where other readers differ'));
    expect([...table.matchAll(/^\| (?!kind|-)(.+?) +\|/gm)].map(([, kind]) => kind)).toEqual(
      cases.map(({ name }) => name),
    );
  });
});
