import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { UploadResponse } from '../../src/contract/index.ts';
import { csv, rows } from './support/csv.ts';
import { expectProblem, json } from './support/problems.ts';
import { startService, type Service } from './support/service.ts';
import { until } from './support/until.ts';

const CSV = { 'content-type': 'text/csv' };
const everySecondFails = csv(rows(60, (number) => (number % 2 === 0 ? { title: '' } : {})));

describe('a hostile caller', () => {
  let service: Service;
  let dataDir: string;
  const files: string[] = [];
  beforeAll(async () => {
    // The service stores on disk, where names become paths.
    dataDir = await mkdtemp(join(tmpdir(), 'task-service-hostile-'));
    service = await startService({ dataDir });
    for (const name of ['first.csv', 'second.csv']) files.push((await service.process(everySecondFails, name)).id);
  });
  afterAll(async () => {
    await service.stop();
    await rm(dataDir, { recursive: true });
  });

  const get = (path: string): Promise<Response> => service.request(path);
  const post = (path: string, init: RequestInit = {}): Promise<Response> =>
    service.request(path, { method: 'POST', ...init });
  const upload = (query: string, body = 'title\nOne\n', headers: Record<string, string> = {}): Promise<Response> =>
    post(`/tasks/upload?${query}`, { body, headers: { ...CSV, ...headers } });
  const fileCount = async (): Promise<number> =>
    (await service.client.listTaskFiles({ query: { limit: 100 } })).items.length;

  /** Resolves to the cursor of the second page of a list. */
  async function cursorOf(path: string): Promise<string> {
    const link = (await get(path)).headers.get('link') ?? '';
    const cursor = /[?&]cursor=([\w-]+)/.exec(link)?.[1];
    if (cursor === undefined) throw new Error(`No second page of ${path}: ${link}`);
    return cursor;
  }

  it('can use a cursor only in the list that issued it', async () => {
    const [first, second] = files;
    const lists = [
      `/task-files/${first}/failures`,
      `/task-files/${first}/tasks`,
      '/task-files',
      '/task-files?status=COMPLETED',
    ];
    for (const list of lists) {
      const cursor = await cursorOf(`${list}${list.includes('?') ? '&' : '?'}limit=1`);
      const others = [...lists, `/task-files/${second}/failures`, `/task-files/${second}/tasks`, '/tasks'];
      for (const other of others.filter((one) => one !== list)) {
        const response = await get(`${other}${other.includes('?') ? '&' : '?'}cursor=${cursor}`);
        await expectProblem(response, 'INVALID_CURSOR');
      }
      await expectProblem(await post(`/task-files/${first}/verify?cursor=${cursor}`), 'INVALID_CURSOR');
    }
  });

  it('cannot verify a file from a forged position', async () => {
    for (const position of [
      { item: 1_000_000, runs: [] },
      { item: 3, runs: [[9, 9]] },
      { item: 0, runs: [] },
    ]) {
      const cursor = Buffer.from(JSON.stringify(position)).toString('base64url');
      await expectProblem(await post(`/task-files/${files[0]}/verify?cursor=${cursor}`), 'INVALID_CURSOR');
    }
  });

  it('uses up no redrive with codes that no row has', async () => {
    const [id] = files;
    await until(
      'the report',
      () => service.client.getTaskFile({ params: { id: id! } }),
      ({ failureGroups }) => failureGroups !== undefined,
    );
    const { detail } = await expectProblem(
      await post(`/task-files/${id}/redrive`, json({ codes: ['NO_SUCH_CODE'] })),
      'NOT_REDRIVABLE',
    );
    expect(detail).toMatch(
      /^Task file .* none of its failed rows has the code NO_SUCH_CODE; their codes are REQUIRED\.$/,
    );
    expect(await service.client.getTaskFile({ params: { id: id! } })).not.toHaveProperty('redrives');
  });

  it.each([
    ['a name given twice', 'fileName=a.csv&fileName=b.csv'],
    ['a line end in the name', 'fileName=a%0D%0ASet-Cookie:%20x=1'],
    ['a path out of the folder', 'fileName=..%2F..%2Fa.csv'],
    ['a NUL in the name', 'fileName=a%00.csv'],
    ['a name longer than a file system takes', `fileName=${'%F0%9F%98%80'.repeat(63)}.csv`],
    ['a percentage that the store would round to zero', 'toleratedFailurePercentage=1e-320'],
  ])('uploads nothing with %s: 400', async (_, query) => {
    await expectProblem(await upload(query), 'VALIDATION_FAILED');
  });

  it.each(['%'.repeat(240), '?'.repeat(240), `${'\u{1F600}'.repeat(59)}.csv`, 'CON', '.data', '~'])(
    'can name a file %s, and its rows are imported',
    async (name) => {
      const response = await upload(`fileName=${encodeURIComponent(name)}`, 'title\nOne\n');
      const { id } = (await response.json()) as UploadResponse;
      expect(await service.ended(id)).toMatchObject({ fileName: name, status: 'COMPLETED', processedCount: 1 });
    },
  );

  it('cannot break a header by the name of a file', async () => {
    const name = `a"b';c=%d\u202e<i>=cmd().csv`;
    const response = await upload(`fileName=${encodeURIComponent(name)}`, 'title,dueAt\nOne,never\n');
    const { id } = (await response.json()) as UploadResponse;
    expect(response.headers.get('location')).toBe(`/task-files/${id}`);
    await service.ended(id);
    const fixFile = await until(
      'the fix file',
      () => service.request(`/task-files/${id}/failures`, { headers: { accept: 'text/csv' } }),
      ({ status }) => status !== 409,
    );
    expect(fixFile.status).toBe(200);
    const disposition = fixFile.headers.get('content-disposition') ?? '';
    expect(disposition).toMatch(/^attachment; filename="[\w. -]+"; filename\*=UTF-8''[\w.%~-]+$/);
    expect(decodeURIComponent(disposition.split("''")[1] ?? '')).toBe(name.replace('.csv', '.failures.csv'));
  });

  it('has one effect on each route with one idempotency key, ten requests at once, and two bodies', async () => {
    const headers = { 'idempotency-key': `key of ${Date.now()}` };
    const before = await fileCount();
    const sendTask = (title: string): Promise<Response> => post('/tasks', json({ title }, headers));
    const sendFile = (title: string): Promise<Response> => upload('', `title\n${title}\n`, headers);
    for (const send of [sendTask, sendFile]) {
      const responses = await Promise.all(
        Array.from({ length: 10 }, (_, index) => send(index % 2 === 0 ? 'One' : 'Two')),
      );
      const refused = responses.filter(({ ok }) => !ok);
      expect(refused).toHaveLength(5);
      for (const one of refused) await expectProblem(one, 'IDEMPOTENCY_KEY_REUSED');
      const ids = await Promise.all(
        responses.filter(({ ok }) => ok).map(async (one) => ((await one.json()) as UploadResponse).id),
      );
      expect(new Set(ids).size).toBe(1);
    }
    const presigned = json({ fileName: 'tasks.csv', contentLength: 10 }, headers);
    await expectProblem(await post('/tasks/upload', presigned), 'IDEMPOTENCY_KEY_REUSED');
    expect(await fileCount()).toBe(before + 1);
  });

  it('cannot copy an object by a presigned URL, because its headers are signed', async () => {
    const presigned = await post('/tasks/upload', json({ fileName: 'copy.csv', contentLength: 5 }));
    const { id, upload: link } = (await presigned.json()) as UploadResponse;
    const url = link && 'url' in link ? link.url : '';
    const headers = { 'x-amz-copy-source': new URL(url).pathname.replace(id, files[0]!).replace('copy', 'first') };
    expect((await fetch(url, { method: 'PUT', body: 'title', headers })).status).toBe(403);
    expect(await service.client.getTaskFile({ params: { id } })).toMatchObject({ status: 'NEW' });
  });

  it('cannot store a NUL by any route', async () => {
    for (const content of [{ title: 'a\0b' }, { title: 'a', detail: '\0' }]) {
      await expectProblem(await post('/tasks', json(content)), 'VALIDATION_FAILED');
    }
  });

  it('cannot block other callers with silent connections or half requests', async () => {
    const { s3, dynamodb } = service.cloud.endpoints;
    const sockets = await Promise.all(
      [service.cloud.apiUrl, s3, dynamodb].flatMap((url) =>
        Array.from({ length: 200 }, (_, index) => halfOpen(new URL(url), index % 3)),
      ),
    );
    expect(await service.process(csv(rows(30)))).toMatchObject({ status: 'COMPLETED', processedCount: 30 });
    for (const socket of sockets) socket.destroy();
  });

  it.each([
    ['both a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['two lengths', 'Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x'],
    ['a chunk of no length', 'Transfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n'],
  ])('is refused at once if a request has %s', async (_, rest) => {
    const { port, host } = new URL(service.cloud.apiUrl);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`POST /tasks HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n${rest}`);
    const [response] = (await once(socket, 'data')) as [Buffer];
    expect(response.toString()).toMatch(/^HTTP\/1\.1 400 /);
    socket.destroy();
  });
});

/** Opens a connection that stays silent, or sends half a header, or half a body. */
async function halfOpen({ port, host }: URL, how: number): Promise<Socket> {
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  if (how === 1) socket.write('POST /tasks HTTP/1.1\r\nHost: ');
  if (how === 2) socket.write(`POST /tasks HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 9\r\n\r\n{`);
  return socket;
}
