import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uploadFile, UploadRefusedError } from '../../client/index.ts';
import { PART_MIN_BYTES, PRESIGNED_MAX_BYTES, type UploadResponse } from '../../src/contract/index.ts';
import { csv, rows } from './support/csv.ts';
import { expectProblem, json } from './support/problems.ts';
import { startService, type Service } from './support/service.ts';

/** A file of few rows that needs more than two parts. */
const WIDE = csv(rows(300, (number) => (number % 10 === 0 ? { title: '' } : {}))).replaceAll(
  '\n',
  `,${'x'.repeat(60_000)}\n`,
);
const LARGE = Buffer.from(WIDE);

describe('a presigned upload', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.stop());

  const request = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    service.request('/tasks/upload', { method: 'POST', ...json(body, headers) });
  const presigned = async (contentLength: number, fileName = 'presigned.csv'): Promise<UploadResponse> => {
    const response = await request({ fileName, contentLength });
    expect(response.status).toBe(201);
    return (await response.json()) as UploadResponse;
  };
  const linksIn = ({ upload }: UploadResponse) => {
    if (!upload || !('parts' in upload)) throw new Error('not in parts');
    return upload;
  };
  const urlIn = ({ upload }: UploadResponse): string => (upload && 'url' in upload ? upload.url : '');
  const put = (url: string, body: string | Uint8Array<ArrayBuffer>): Promise<Response> =>
    fetch(url, { method: 'PUT', body });
  const complete = (id: string): Promise<Response> =>
    service.request(`/task-files/${id}/upload-complete`, { method: 'POST' });

  it('of a small file needs one PUT to a presigned URL', async () => {
    const content = csv(rows(3));
    const response = await request({ fileName: 'drei ü.csv', contentLength: Buffer.byteLength(content) });
    const file = (await response.json()) as UploadResponse;
    expect([response.status, response.headers.get('location')]).toEqual([201, `/task-files/${file.id}`]);
    expect(file).toMatchObject({ status: 'NEW', upload: { method: 'PUT' } });
    expect((await put(urlIn(file), content)).status).toBe(200);
    expect(await service.ended(file.id)).toMatchObject({
      status: 'COMPLETED',
      processedCount: 3,
      fileName: 'drei ü.csv',
    });
  });

  it('accepts neither another length, nor another object, nor any bytes after it has expired', async () => {
    const content = csv(rows(1));
    const url = urlIn(await presigned(content.length));
    expect((await put(url, `${content}x`)).status).toBe(403);
    expect((await put(url, content.slice(1))).status).toBe(403);
    expect((await put(url.replace('presigned.csv', 'another.csv'), content)).status).toBe(403);
    expect((await put(url.replace('X-Amz-Expires=3600', 'X-Amz-Expires=7200'), content)).status).toBe(403);
    const past = url.replace(/X-Amz-Date=\d{8}/, 'X-Amz-Date=20200101');
    const expired = await put(past, content);
    expect([expired.status, await expired.text()]).toEqual([403, expect.stringContaining('expired')]);
  });

  it('of a large file accepts parts in any order and twice, and its rows are counted exactly', async () => {
    const file = await presigned(LARGE.length, 'large.csv');
    const { partSize, partCount, parts } = linksIn(file);
    expect([partSize, partCount]).toEqual([PART_MIN_BYTES, 3]);
    const part = (number: number) => Uint8Array.from(LARGE.subarray((number - 1) * partSize, number * partSize));
    expect((await put(parts[2]!.url, part(3))).status).toBe(200);
    expect((await put(parts[0]!.url, part(1))).status).toBe(200);
    expect((await put(parts[0]!.url, part(1).subarray(1))).status).toBe(403);

    const { detail } = await expectProblem(await complete(file.id), 'PARTS_MISSING');
    expect(detail).toContain('part 2 is missing');
    const renewed = await service.client.presignTaskFileParts({ params: { id: file.id }, body: { from: 2, count: 1 } });
    expect(renewed.parts).toMatchObject([{ number: 2, contentLength: PART_MIN_BYTES }]);
    expect((await put(renewed.parts[0]!.url, part(2))).status).toBe(200);
    const completions = await Promise.all([complete(file.id), complete(file.id)]);
    expect(completions.map(({ status }) => status)).toEqual([202, 202]);

    const ended = await service.ended(file.id);
    expect(ended).toMatchObject({ status: 'COMPLETED', recordCount: 300, processedCount: 270, failedCount: 30 });
    expect((await complete(file.id)).status).toBe(202);
    expect(await service.tasksOf(file.id)).toHaveLength(270);
    expect(await service.client.verifyTaskFile({ params: { id: file.id } })).toMatchObject({ differing: 0 });
    const { items } = await service.client.listTaskFiles();
    expect(items.filter(({ fileName }) => fileName === 'large.csv')).toHaveLength(1);
  });

  it('needs one call of the client, whatever the size', async () => {
    for (const [content, fileName] of [
      [csv(rows(2)), 'small.csv'],
      [LARGE, 'parts.csv'],
    ] as const) {
      const { id } = await uploadFile(service.client, new Blob([content]), { fileName, idempotencyKey: fileName });
      expect(await service.ended(id)).toMatchObject({ fileName, status: 'COMPLETED' });
      const again = await uploadFile(service.client, new Blob([content]), { fileName, idempotencyKey: fileName });
      expect(again).toMatchObject({ id, status: 'COMPLETED' });
    }
  });

  it('fails in the client with the message of the store', async () => {
    const refusing: typeof fetch = (url, init) => fetch(String(url).replace('presigned', 'altered'), init);
    const upload = uploadFile(service.client, new Blob(['x']), { fileName: 'presigned.csv', fetch: refusing });
    await expect(upload).rejects.toBeInstanceOf(UploadRefusedError);
    await expect(upload).rejects.toThrow('403');
  });

  it('is refused with a reason', async () => {
    const tooLarge = await request({ fileName: 'x.csv', contentLength: PRESIGNED_MAX_BYTES + 1 });
    const { detail } = await expectProblem(tooLarge, 'FILE_TOO_LARGE');
    expect(detail).toContain(String(PRESIGNED_MAX_BYTES));
    for (const body of [
      { fileName: 'x.csv' },
      { fileName: 'a/b', contentLength: 1 },
      { fileName: 'x', contentLength: 0 },
    ]) {
      await expectProblem(await request(body), 'VALIDATION_FAILED');
    }
    const { id } = await presigned(1);
    await expectProblem(await complete(id), 'NOT_IN_PARTS');
    const parts = `/task-files/${id}/parts`;
    await expectProblem(
      await service.request(parts, { method: 'POST', ...json({ from: 1, count: 101 }) }),
      'VALIDATION_FAILED',
    );
  });

  it('takes its tolerance from its body or its query', async () => {
    const content = csv(rows(2, () => ({ title: '' })));
    const contentLength = content.length;
    for (const [query, body] of [
      ['', { toleratedFailureCount: 1 }],
      ['?toleratedFailurePercentage=50', {}],
    ] as const) {
      const request = { method: 'POST', ...json({ fileName: 'bad.csv', contentLength, ...body }) };
      const file = (await (await service.request(`/tasks/upload${query}`, request)).json()) as UploadResponse;
      await put(urlIn(file), content);
      const failure = { code: 'TOO_MANY_FAILURES' };
      expect(await service.ended(file.id)).toMatchObject({ status: 'FAILED', failure });
    }
  });

  it('honours an Idempotency-Key', async () => {
    const key = { 'idempotency-key': 'presigned' };
    const ids = await Promise.all(
      [1, 2].map(
        async () => ((await (await request({ fileName: 'k.csv', contentLength: 9 }, key)).json()) as UploadResponse).id,
      ),
    );
    expect(ids[1]).toBe(ids[0]);
    await expectProblem(await request({ fileName: 'k.csv', contentLength: 8 }, key), 'IDEMPOTENCY_KEY_REUSED');
  });

  it('can be cancelled before its content has arrived, and then accepts none', async () => {
    const { id } = await presigned(LARGE.length);
    await service.client.cancelTaskFile({ params: { id } });
    await expectProblem(await complete(id), 'UPLOAD_NOT_OPEN');
  });
});
