import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { removeTornFiles } from './torn-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'task-service-torn-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('removes incomplete objects, reports those that may have been stored, and keeps all others', async () => {
  const object = async (key: string, description: string, bytes?: string): Promise<void> => {
    await mkdir(join(folder, 'uploads'), { recursive: true });
    await writeFile(join(folder, `uploads/${key}.meta.json`), description);
    if (bytes !== undefined) await writeFile(join(folder, `uploads/${key}.data`), bytes);
  };
  const described = (key: string, contentLength: number): string => JSON.stringify({ key, contentLength });
  await object('whole', described('whole', 5), '12345');
  await object('empty', described('empty', 0), '');
  await object('torn', '{"key":"to', '12345');
  await object('short', described('short', 5), '123');
  await object('lost', described('lost', 5));
  await object('part', JSON.stringify({ partNumber: 1 }), '12345');
  await object('lost-part', JSON.stringify({ partNumber: 2 }));
  const damage: string[] = [];
  removeTornFiles(folder, (message) => damage.push(message));
  const left = (await readdir(join(folder, 'uploads'))).filter((name) => name.endsWith('.json'));
  expect(left.toSorted()).toEqual(['empty.meta.json', 'part.meta.json', 'whole.meta.json']);
  expect(damage.toSorted()).toEqual([
    'The object lost is damaged and was removed. It has none of its 5 bytes.',
    'The object short is damaged and was removed. It has 3 of its 5 bytes.',
  ]);
});

it('has nothing to do in a new data folder', () => {
  expect(() => removeTornFiles(join(folder, 'new'), () => undefined)).not.toThrow();
});
