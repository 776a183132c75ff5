import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TaskFile } from '../../src/contract/index.ts';
import { csv, row, rows } from './support/csv.ts';
import { TopicListener } from './support/events.ts';
import { seed } from './support/seed.ts';
import { startService, type Service } from './support/service.ts';
import { until } from './support/until.ts';

const KIB = 1024;
const compress = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(gzipSync(text));
const OPEN_QUOTE = '"never closed,';

const unreadable: readonly [what: string, content: string | Uint8Array<ArrayBuffer>, code: string, says: RegExp][] = [
  ['that is empty', '', 'EMPTY_FILE', /first line must name the columns/],
  ['of nothing but blank lines', '\n\r\n\n', 'EMPTY_FILE', /first line must name the columns/],
  ['of nothing but a byte-order mark', '\uFEFF', 'EMPTY_FILE', /first line must name the columns/],
  ['without a title column', 'name,detail\nOne,1\n', 'MISSING_COLUMN', /lacks "title"/],
  ['whose header is data', 'Buy milk,soon\n', 'MISSING_COLUMN', /known: title, detail, dueAt, isComplete/],
  ['with a column twice', 'title,detail,Title\n1,2,3\n', 'DUPLICATE_COLUMN', /"title" twice/],
  ['of bytes that are not text', Uint8Array.from({ length: 9_000 }, (_, n) => n * 7), 'NOT_TEXT', /NUL byte/],
  ['in UTF-16 without a mark', new Uint8Array(Buffer.from('title\nOne\n', 'utf16le')), 'NOT_TEXT', /NUL byte/],
  ['with too many columns', `title${',x'.repeat(1_000)}\nOne\n`, 'TOO_MANY_COLUMNS', /at most 1000/],
  ['with an unclosed quote', `title,detail\nOne,1\nTwo,${OPEN_QUOTE}\n`, 'UNCLOSED_QUOTE', /line 3/],
  ['with an unclosed quote in its header', `title,${OPEN_QUOTE}\nOne,1\n`, 'UNCLOSED_QUOTE', /line 1/],
  [
    'with an unclosed quote that swallows more than 1 MiB',
    `title,detail\nOne,1\nTwo,${OPEN_QUOTE}\n${'Three,3\n'.repeat(140 * KIB)}`,
    'RECORD_TOO_LARGE',
    /line 3 .* quote that is never closed/,
  ],
  [
    'with a quote that closes far below',
    'title,detail\nOne,"\nTwo,2\nThree,"3"\n',
    'INVALID_QUOTES',
    /line 2 .* Double each/,
  ],
  [
    'that psql printed as a table',
    ' title | detail \n-------+--------\n One   | 1\n(1 row)\n',
    'DRAWN_TABLE',
    /Line 2 .* psql --csv/,
  ],
  [
    'that curl -d sent without line ends',
    'title,detail,isCompleteOne,1,trueTwo,2,false',
    'LINE_ENDS_MISSING',
    /--data-binary/,
  ],
  [
    'of gzip with other bytes after it',
    new Uint8Array([...compress('title\nOne\n'), 0, 0, 7]),
    'DAMAGED_GZIP',
    /other bytes follow it/,
  ],
  ['of gzip that is cut off', compress('title\nOne\n').subarray(0, -6), 'DAMAGED_GZIP', /cut off/],
  ['of damaged gzip', compress('title\nOne\n').fill(7, 12, 16), 'DAMAGED_GZIP', /Compress it again/],
  [
    'of gzip that is a decompression bomb',
    compress(`title\n${`${'x'.repeat(KIB)}\n`.repeat(2 * KIB)}`),
    'COMPRESSION_RATIO_TOO_HIGH',
    /200 times/,
  ],
  ['of a line over 1 MiB', `{"title":"One"}\n{"title":"${'x'.repeat(1_025 * KIB)}`, 'RECORD_TOO_LARGE', /Line 2/],
  ['with a record over 1 MiB', `title,detail\nOne,${'x'.repeat(1_025 * KIB)}\n`, 'RECORD_TOO_LARGE', /line 2/],
  ['with a header over 64 KiB', `title,${'x'.repeat(65 * KIB)}\nOne,1\n`, 'RECORD_TOO_LARGE', /line 1/],
];

describe('a file', () => {
  let service: Service;
  let topic: TopicListener;
  beforeAll(async () => {
    service = await startService();
    topic = await TopicListener.subscribe(service);
  });
  afterAll(async () => {
    topic.close();
    await service.stop();
  });

  it.each(unreadable)('%s ends FAILED once, with its reason', async (_, content, code, says) => {
    // Sent as a form, because bytes that are not UTF-8 do not survive API Gateway as text/csv.
    const form = new FormData();
    form.append('file', new Blob([content]), 'unreadable.csv');
    const { id } = await service.client.uploadTasks({ body: form });
    const ended = await service.ended(id);
    expect(ended).toMatchObject({ status: 'FAILED', failure: { code, message: expect.stringMatching(says) } });
    expect(ended).toMatchObject({ etaSeconds: null, completedAt: expect.any(String) });
    const [event] = await topic.of(id);
    expect(event).toEqual({
      schemaVersion: 1,
      tenant: 'default',
      event: 'taskfile_failed',
      eventId: id,
      taskFileId: id,
      runId: id,
      createdAt: ended.createdAt,
      failure: ended.failure,
    });
  });

  it('that is unreadable in the middle keeps the rows before, exactly counted', async () => {
    const content = `${csv(rows(5_000))}Last,${OPEN_QUOTE}\n`;
    const { id, ...ended } = await service.process(content);
    expect(ended).toMatchObject({ status: 'FAILED', failure: { code: 'UNCLOSED_QUOTE' } });
    expect(ended.failure?.message).toContain('line 5002');
    const settled = await until(
      'all queues to be empty',
      () => service.aws.queueDepths(),
      (depths) => Object.entries(depths).every(([queue, depth]) => depth === 0 || queue.startsWith('E2e')),
    );
    expect(settled).toBeDefined();
    const after = await service.client.getTaskFile({ params: { id } });
    expect(after).toMatchObject({ status: 'FAILED', failedCount: 0 });
    expect(after.processedCount).toBe((await service.tasksOf(id)).length);
    expect(after.processedCount + after.unprocessedCount).toBe(after.recordCount);
  });

  it('with only a header is COMPLETED with 0 rows, however its header ends', async () => {
    for (const header of ['title', 'title\n', 'title,detail\r\n', '\uFEFFtitle\n\n\n']) {
      const ended = await service.process(header);
      expect(ended).toMatchObject({ status: 'COMPLETED', recordCount: 0, totalIsFinal: true, percent: 100 });
      expect(ended).toMatchObject({ processedCount: 0, failedCount: 0, unprocessedCount: 0, etaSeconds: 0 });
      const [event] = await topic.of(ended.id);
      expect(event).toMatchObject({ event: 'taskfile_processing_complete', recordCount: 0, processedCount: 0 });
      expect(await service.tasksOf(ended.id)).toEqual([]);
      expect(await service.failuresOf(ended.id)).toEqual([]);
    }
  });

  it('in which every row fails is COMPLETED', async () => {
    const ended = await service.process(csv([1, 2, 3].map((number) => row(number, { title: ' ' }))));
    expect(ended).toMatchObject({ status: 'COMPLETED', recordCount: 3, processedCount: 0, failedCount: 3 });
    const [event] = await topic.of(ended.id);
    expect(event).toMatchObject({ recordCount: 3, processedCount: 0, failedCount: 3, eventId: ended.id });
  });

  it(`of any bytes ends (seed ${seed})`, async () => {
    const piece = fc.constantFrom(
      'title',
      'detail',
      ',',
      ',',
      '"',
      '""',
      '\n',
      '\n',
      '\r\n',
      '\r',
      ' ',
      'x',
      '\0',
      'é',
      '🔑',
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(piece, { maxLength: 60 }).map((pieces) => Buffer.from(pieces.join(''))),
      fc.array(piece, { maxLength: 60 }).map((pieces) => Buffer.from(`title,detail\n${pieces.join('')}`)),
    );
    const files = fc.sample(bytes, { seed, numRuns: 60 });
    const uploaded: TaskFile[] = [];
    for (const content of files) {
      const form = new FormData();
      form.append('file', new Blob([new Uint8Array(content)]), 'any.csv');
      uploaded.push(await service.client.uploadTasks({ body: form }));
    }
    const statuses = new Set<string>();
    for (const { id } of uploaded) {
      const file = await service.ended(id);
      statuses.add(file.status);
      if (file.status === 'FAILED') expect(file.failure?.message).toMatch(/\S/);
      else expect(file).toMatchObject({ status: 'COMPLETED', totalIsFinal: true, unprocessedCount: 0 });
      expect(await service.tasksOf(id)).toHaveLength(file.processedCount);
      expect(await service.failuresOf(id)).toHaveLength(file.failedCount);
    }
    expect(statuses).toEqual(new Set(['COMPLETED', 'FAILED']));
  });

  it('leaves no message in any queue, and no dead letter', async () => {
    const depths = await until(
      'all queues to be empty',
      () => service.aws.queueDepths(),
      (depths) => Object.entries(depths).every(([queue, depth]) => depth === 0 || queue.startsWith('E2e')),
    );
    expect(Object.keys(depths).filter((queue) => queue.includes('DeadLetter'))).toHaveLength(3);
  });
});
