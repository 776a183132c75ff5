import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, rmdir, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogFile } from './log-file.ts';

describe('a log file', () => {
  let folder: string;
  let path: string;
  const losses: string[] = [];
  const open = (bytesMax?: number): LogFile =>
    new LogFile({ path, bytesMax, onLoss: ({ message }) => losses.push(message) });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'task-service-log-'));
    path = join(folder, 'function.log');
    losses.length = 0;
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('appends lines, also in the next process', async () => {
    for (const line of ['one', 'two']) {
      const file = open();
      file.write(line);
      await file.close();
    }
    expect(await readFile(path, 'utf8')).toBe('one\ntwo\n');
  });

  it('keeps the newest lines in two files of at most the limit each', async () => {
    const lines = Array.from({ length: 310 }, (_, number) => `line ${String(number).padStart(4, '0')}`);
    for (const process of [lines.slice(0, 150), lines.slice(150)]) {
      const file = open(1_000);
      for (const line of process) file.write(line);
      await file.close();
    }
    expect((await readdir(folder)).toSorted()).toEqual(['function.log', 'function.log.1']);
    const text = (await readFile(`${path}.1`, 'utf8')) + (await readFile(path, 'utf8'));
    expect(text.trimEnd().split('\n')).toEqual(lines.slice(200));
    expect((await stat(`${path}.1`)).size).toBe(1_000);
    expect((await stat(path)).size).toBeLessThanOrEqual(1_000);
    expect(losses).toEqual([]);
  });

  it('writes a line that is longer than the limit', async () => {
    const file = open(10);
    for (const line of ['a line that is too long', 'another one']) file.write(line);
    await file.close();
    expect(await readFile(path, 'utf8')).toBe('another one\n');
    expect(await readFile(`${path}.1`, 'utf8')).toBe('a line that is too long\n');
  });

  it('loses lines while the file cannot be opened, reports that once, and writes again when it can', async () => {
    await mkdir(path);
    const file = open();
    for (const line of ['lost', 'lost too']) file.write(line);
    expect(losses).toEqual([expect.stringContaining('EISDIR')]);
    await rmdir(path);
    file.write('kept');
    await file.close();
    expect(await readFile(path, 'utf8')).toBe('kept\n');
  });

  it('loses lines on a full disk and reports that once', async () => {
    // /dev/full is always full. A system without it gets a link to a missing folder, which cannot be opened.
    await symlink(existsSync('/dev/full') ? '/dev/full' : join(folder, 'no', 'where'), path);
    const file = open();
    for (const line of ['lost', 'lost too']) file.write(line);
    await file.close();
    file.write('lost again');
    await file.close();
    expect(losses).toEqual([expect.stringMatching(/^EN/)]);
  });
});
