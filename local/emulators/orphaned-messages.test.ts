import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { releaseOrphanedMessages } from './orphaned-messages.ts';

const PAGE_BYTES = 4_096;

describe('after a process was killed, the start', () => {
  let folder: string;
  let file: string;
  const damage: string[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'task-service-queues-'));
    file = join(folder, 'fauxqs.db');
    damage.length = 0;
  });
  afterEach(() => rm(folder, { recursive: true }));
  const release = (): void => releaseOrphanedMessages(folder, (message) => damage.push(message));

  function write(): void {
    using database = new DatabaseSync(file);
    database.exec(
      'BEGIN; CREATE TABLE sqs_messages (message_id TEXT PRIMARY KEY, body TEXT, visibility_deadline INTEGER)',
    );
    const insert = database.prepare('INSERT INTO sqs_messages VALUES (?, ?, ?)');
    for (let id = 0; id < 200; id++) insert.run(String(id), 'x'.repeat(500), id % 2 === 0 ? 9e15 : null);
    database.exec('COMMIT');
  }
  function deadlines(): readonly unknown[] {
    using database = new DatabaseSync(file);
    const rows = database.prepare('SELECT DISTINCT visibility_deadline AS at FROM sqs_messages ORDER BY 1').all();
    return rows.map(({ at }) => at);
  }

  it('releases the messages that were in flight', () => {
    write();
    release();
    expect(deadlines()).toEqual([null, 1]);
    expect(damage).toEqual([]);
  });

  it.each([
    ['garbage', (bytes: Buffer) => bytes.fill('x')],
    ['cut in half', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['zeroed in the middle', (bytes: Buffer) => bytes.fill(0, 5 * PAGE_BYTES, 9 * PAGE_BYTES)],
  ])('moves the queues aside and reports it if their file is %s', async (_, damaged) => {
    write();
    const bytes = damaged(await readFile(file));
    await writeFile(file, bytes);
    release();
    expect(damage).toEqual([expect.stringMatching(/^The queues are damaged \(.+\) and start empty/)]);
    expect(existsSync(file)).toBe(false);
    expect(await readFile(`${file}.damaged`)).toEqual(bytes);
    release();
    expect(damage).toHaveLength(1);
  });
});
