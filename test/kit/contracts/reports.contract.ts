import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ReportPart, Reports } from '../../../src/tasks/index.ts';

export interface OpenReports {
  readonly reports: Reports;
  /** Resolves to the text of a stored object, or to undefined if nothing is stored. */
  read(key: string): Promise<string | undefined>;
  /** The smallest size of a part. Only the last part may be smaller. */
  readonly partMinBytes: number;
}

const FORM = { contentType: 'text/csv; charset=utf-8', fileName: 'Aufgaben "für" 😀; x=1.failures.csv' };

/** The properties of a store that the writer of reports relies on. */
export const reportsContract = (name: string, open: () => Promise<OpenReports>): void =>
  describe(`${name} keeps the contract of Reports`, () => {
    let store: OpenReports;
    beforeAll(async () => {
      store = await open();
    });
    const aKey = (): string => `reports/default/${randomUUID()}/fix-file.csv`;

    it('stores an object as a whole, and replaces it', async () => {
      const key = aKey();
      expect(await store.read(key)).toBeUndefined();
      for (const text of ['first 😀', 'second']) {
        await store.reports.put(key, Buffer.from(text), FORM);
        expect(await store.read(key)).toBe(text);
      }
    });

    it('assembles an object from its parts when it is completed, whichever function stored them', async () => {
      const key = aKey();
      const { reports, partMinBytes } = store;
      const texts = ['a'.repeat(partMinBytes), 'b'.repeat(partMinBytes + 1), 'the rest'];
      const uploadId = await reports.begin(key, FORM);
      const parts: ReportPart[] = [];
      for (const [index, text] of texts.entries()) {
        const stored = await reports.putPart(key, uploadId, index + 1, Buffer.from(text));
        parts.push({ ...stored, bytes: text.length, sha256: '' });
      }
      expect(await store.read(key)).toBeUndefined();
      await reports.complete(key, uploadId, parts);
      expect(await store.read(key)).toBe(texts.join(''));
    });
  });
