import { expect, it } from '@jest/globals';
import { createClient, downloadFixFile, DownloadRefusedError } from './index.ts';

const ID = '0193c5a8-7c1e-7d3f-9a55-2b7f4c9d8e10';
const LINK = {
  url: 'http://store/reports/fix-file.csv?X-Amz-Signature=s',
  fileName: 'paint.failures.csv',
  bytes: 4,
  expiresAt: '2026-01-31T08:05:00.000Z',
};

/** A service that takes signed requests, and a store that, like S3, refuses every header that its URL does not sign. */
function serve(stored: Response, before: Response[] = [], signal = AbortSignal.any([])) {
  const asked: string[] = [];
  const signing: typeof fetch = async (input, init) => {
    asked.push(`${init?.method} ${new URL(String(input)).pathname}`);
    const earlier = before.shift();
    if (earlier) return earlier;
    return new Response(JSON.stringify(LINK), { headers: { 'content-type': 'application/json' } });
  };
  const plain: typeof fetch = async (input, init) => {
    asked.push(`${init?.method ?? 'GET'} ${String(input)}`);
    expect([...new Headers(init?.headers)]).toEqual([]);
    return stored;
  };
  const client = createClient({ baseUrl: 'http://service', fetch: signing });
  return { asked, download: () => downloadFixFile(client, ID, { fetch: plain, signal: signal }) };
}

it('a fix file is fetched by its URL, without the signature of the caller', async () => {
  const { asked, download } = serve(new Response('text'));
  const { content, ...link } = await download();
  expect(await content.text()).toBe('text');
  expect(link).toEqual(LINK);
  expect(asked).toEqual([`GET /task-files/${ID}/fix-file`, `GET ${LINK.url}`]);
});

it('an expired URL is refused with the reason and the way out', async () => {
  const { download } = serve(new Response('<Error><Message>Request has expired</Message></Error>', { status: 403 }));
  const refusal = download();
  await expect(refusal).rejects.toBeInstanceOf(DownloadRefusedError);
  await expect(refusal).rejects.toThrow('answered 403 to a download: Request has expired. Ask for another URL.');
});

const problem = (code: string, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify({ type: 'about:blank', title: 'Not now', status: 409, code }), {
    status: 409,
    headers: { 'content-type': 'application/problem+json', ...headers },
  });

it('the client waits for a fix file that is being written, as long as the service says', async () => {
  const pending = problem('REPORT_PENDING', { 'retry-after': '0' });
  const { asked, download } = serve(new Response('text'), [pending, pending.clone()]);
  expect(await (await download()).content.text()).toBe('text');
  expect(asked).toHaveLength(4);
});

it('the client stops waiting for a fix file if the caller aborts', async () => {
  const pending = problem('REPORT_PENDING', { 'retry-after': '0' });
  const { asked, download } = serve(new Response('text'), [pending], AbortSignal.abort());
  await expect(download()).rejects.toMatchObject({ name: 'AbortError' });
  expect(asked).toHaveLength(1);
});

it('the client does not wait for a file without a fix file', async () => {
  const { asked, download } = serve(new Response('text'), [problem('STILL_RUNNING')]);
  await expect(download()).rejects.toMatchObject({ code: 'STILL_RUNNING', retryAfterSeconds: undefined });
  expect(asked).toHaveLength(1);
});
