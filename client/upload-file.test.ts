import { describe, expect, it } from '@jest/globals';
import { taskFile } from '../test/kit/task-file.ts';
import { createClient, uploadFile, UploadRefusedError } from './index.ts';

const STORE = 'http://store';
const PART_SIZE = 2;
const EXPIRES_AT = '2026-01-31T09:00:00.000Z';

const json = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

interface Asked {
  readonly contentLength: number;
  readonly from: number;
  readonly count: number;
}

/**
 * A service that signs parts of two bytes, `shown` of them at once, and a store whose response to a PUT has the status
 * `statusOf`.
 */
function serve(statusOf: (url: string) => number = () => 200, shown = 100) {
  const calls: string[] = [];
  const puts = new Map<string, string>();
  let inFlight = 0;
  let most = 0;
  let bytes = 0;
  const parts = (from: number, count: number) =>
    Array.from({ length: Math.min(count, Math.ceil(bytes / PART_SIZE) - from + 1) }, (_, index) => ({
      number: from + index,
      contentLength: Math.min(PART_SIZE, bytes - (from + index - 1) * PART_SIZE),
      url: `${STORE}/part/${from + index}`,
    }));
  const store = async (url: string, body: Blob): Promise<Response> => {
    most = Math.max(most, ++inFlight);
    puts.set(url, await body.text());
    // By then all concurrent calls have arrived.
    await new Promise(setImmediate);
    const status = statusOf(url);
    inFlight--;
    return new Response(status < 400 ? '' : '<Error><Message>Request has expired</Message></Error>', { status });
  };
  const api = (path: string, body: Asked): Response => {
    if (path.endsWith('/upload-complete')) return json(202, taskFile({ recordCount: 7 }));
    if (path.endsWith('/parts')) return json(200, { expiresAt: EXPIRES_AT, parts: parts(body.from, body.count) });
    bytes = body.contentLength;
    const [headers, url] = [{ 'content-length': String(bytes) }, `${STORE}/whole`];
    const partCount = Math.ceil(bytes / PART_SIZE);
    const upload =
      bytes <= PART_SIZE
        ? { method: 'PUT', url, headers, expiresAt: EXPIRES_AT }
        : { partSize: PART_SIZE, partCount, expiresAt: EXPIRES_AT, parts: parts(1, shown) };
    return json(201, taskFile(bytes === 0 ? {} : ({ upload } as object)));
  };
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const url = new URL(String(input));
    calls.push(`${init?.method} ${url.pathname}`);
    if (url.origin === STORE) return store(url.href, init?.body as Blob);
    return api(url.pathname, JSON.parse(typeof init?.body === 'string' ? init.body : '{}') as Asked);
  };
  const client = createClient({ baseUrl: 'http://service', fetch });
  const upload = (text: string) => uploadFile(client, new Blob([text]), { fileName: 'a.csv', fetch });
  return { calls, puts, upload, most: () => most };
}

describe('an upload of a file', () => {
  it('is one PUT if it is small', async () => {
    const { calls, puts, upload } = serve();
    expect(await upload('ab')).toEqual(taskFile());
    expect(puts).toEqual(new Map([[`${STORE}/whole`, 'ab']]));
    expect(calls).toEqual(['POST /tasks/upload', 'PUT /whole']);
  });

  it('puts no content that has arrived already', async () => {
    const { calls, upload } = serve();
    expect(await upload('')).toEqual(taskFile());
    expect(calls).toEqual(['POST /tasks/upload']);
  });

  it('puts every part of a large file, at most four at once, and completes it', async () => {
    const { calls, puts, upload, most } = serve();
    const text = 'abcdefghijklmnopqrstuvwxyz-';
    expect(await upload(text)).toMatchObject({ recordCount: 7 });
    const inOrder = Array.from({ length: 14 }, (_, index) => puts.get(`${STORE}/part/${index + 1}`));
    expect(inOrder.join('')).toBe(text);
    expect(inOrder.at(-1)).toBe('-');
    expect(most()).toBe(4);
    expect(calls.at(-1)).toMatch(/^POST .*upload-complete$/);
  });

  it('requests the URLs that the first response lacks', async () => {
    const { calls, puts, upload } = serve(undefined, 3);
    await upload('abcdefghi');
    expect([...puts.values()].toSorted()).toEqual(['ab', 'cd', 'ef', 'gh', 'i']);
    expect(calls.filter((call) => call.endsWith('/parts'))).toHaveLength(1);
  });

  it('puts a part again that S3 could not take, at most three times', async () => {
    const failures = [500, 503];
    const { puts, upload } = serve((url) => (url.endsWith('/2') ? (failures.shift() ?? 200) : 200));
    expect(await upload('abcdef')).toMatchObject({ recordCount: 7 });
    expect(puts.size).toBe(3);
    await expect(serve(() => 500).upload('ab')).rejects.toMatchObject({ name: 'UploadRefusedError', status: 500 });
  });

  it('ends at once, without completion, if S3 refuses a part', async () => {
    const { calls, upload } = serve((url) => (url.endsWith('/1') ? 403 : 200));
    const refused = upload('abcdefghijklmnopqrstuvwxyz');
    await expect(refused).rejects.toBeInstanceOf(UploadRefusedError);
    await expect(refused).rejects.toThrow('403 to an upload: Request has expired');
    expect(calls.filter((call) => call.endsWith('/1'))).toHaveLength(1);
    expect(calls.some((call) => call.endsWith('upload-complete'))).toBe(false);
    expect(calls.length).toBeLessThan(10);
  });
});
