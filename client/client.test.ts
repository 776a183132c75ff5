import { taskFile as aTaskFile } from '../test/kit/task-file.ts';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { createClient, iterate, ProblemError, UnexpectedResponseError, UnreachableError } from './index.ts';

const id = '0193c5a8-7c1e-7d3f-9a55-2b7f4c9d8e10';
const task = {
  id,
  title: 'Order paint',
  isComplete: false,
  createdAt: '2026-01-31T08:00:00.000Z',
  updatedAt: '2026-01-31T08:00:00.000Z',
};

const taskFile = aTaskFile({ id });

interface Received {
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
type Respond = (response: ServerResponse, received: Received) => void;

/** Starts a service that responds to every request in the same way, and keeps what it received. */
async function serve(respond: Respond) {
  const requests: Received[] = [];
  const listener = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const received = { line: `${request.method} ${request.url}`, headers: request.headers, body: await text(request) };
    requests.push(received);
    respond(response, received);
  };
  const server = createServer((request, response) => void listener(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = () => new Promise<void>((done) => server.close(() => done()));
  return { requests, baseUrl, client: createClient({ baseUrl }), stop, [Symbol.asyncDispose]: stop };
}

const json = (status: number, value: unknown, headers: Record<string, string> = {}): Respond => {
  return (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
};

describe('the client', () => {
  it('sends a JSON body and the headers it was given', async () => {
    await using service = await serve(json(201, task));
    const created = await service.client.createTask({
      body: { title: 'Order paint' },
      headers: { 'idempotency-key': 'k1' },
    });
    expect(created).toEqual(task);
    expect(service.requests[0]).toMatchObject({
      line: 'POST /tasks',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'k1' },
      body: '{"title":"Order paint"}',
    });
  });

  it('escapes parameters in the path, and leaves out what is undefined', async () => {
    await using service = await serve(json(200, [task]));
    await service.client.listTaskFileTasks({ params: { id: 'a/b' }, query: { limit: 100, cursor: undefined } });
    expect(service.requests[0]?.line).toBe('GET /task-files/a%2Fb/tasks?limit=100');
  });

  it('keeps the path of a stage', async () => {
    await using service = await serve(json(200, task));
    await createClient({ baseUrl: `${service.baseUrl}/live/` }).getTask({ params: { id } });
    expect(service.requests[0]?.line).toBe(`GET /live/tasks/${id}`);
  });

  it('returns undefined if the route has no response body', async () => {
    await using service = await serve((response) => response.writeHead(204).end());
    expect(await service.client.deleteTask({ params: { id } })).toBeUndefined();
  });

  it('returns the headers on request', async () => {
    await using service = await serve(json(200, task, { etag: '"7"' }));
    const { value, headers } = await service.client.exchange('get-task', { params: { id } });
    expect([value.title, headers.get('etag')]).toEqual(['Order paint', '"7"']);
  });

  it.each([
    ['bytes', new TextEncoder().encode('title\nPaint\n')],
    ['a stream', new Blob(['title\nPaint\n']).stream()],
  ])('uploads %s as CSV', async (_kind, body) => {
    await using service = await serve(json(202, taskFile));
    await service.client.uploadTasks({ query: { fileName: 'später & more.csv' }, body });
    expect(service.requests[0]).toMatchObject({
      line: 'POST /tasks/upload?fileName=sp%C3%A4ter+%26+more.csv',
      headers: { 'content-type': 'text/csv' },
      body: 'title\nPaint\n',
    });
  });

  it('uploads a form with its own boundary', async () => {
    await using service = await serve(json(202, taskFile));
    const body = new FormData();
    body.set('file', new File(['title\nPaint\n'], 'paint.csv', { type: 'text/csv' }));
    await service.client.uploadTasks({ body });
    expect(service.requests[0]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
  });
});

describe('pages', () => {
  it('are read to the last, by the cursor in the link', async () => {
    await using service = await serve((response, { line }) => {
      const link = line.includes('cursor=')
        ? {}
        : { link: `<http://elsewhere/tasks?limit=1&cursor=n%2B1>; rel="next"` };
      json(200, [{ ...task, title: line }], link)(response, { line, headers: {}, body: '' });
    });
    const titles: string[] = [];
    for await (const { title } of iterate((cursor) => service.client.listTasks({ query: { limit: 1, cursor } }))) {
      titles.push(title);
    }
    expect(titles).toEqual(['GET /tasks?limit=1', 'GET /tasks?limit=1&cursor=n%2B1']);
  });
});

describe('a refusal', () => {
  const refused = json(
    400,
    {
      type: 'about:blank',
      title: 'No',
      status: 400,
      code: 'VALIDATION_FAILED',
      errors: [{ path: 'body.title', message: 'too long' }],
    },
    { 'content-type': 'application/problem+json; charset=utf-8' },
  );

  it('is a ProblemError with code, status and fields', async () => {
    await using service = await serve(refused);
    const refusal = service.client.createTask({ body: { title: '' } });
    await expect(refusal).rejects.toBeInstanceOf(ProblemError);
    await expect(refusal).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      status: 400,
      errors: [{ path: 'body.title', message: 'too long' }],
      message: 'POST /tasks answered 400 VALIDATION_FAILED: No\n  body.title: too long',
    });
  });

  it.each([
    ['an error of a gateway', json(403, { message: 'Forbidden' }), '403'],
    ['an empty error', (response: ServerResponse) => response.writeHead(502).end(), 'an empty body'],
    ['a body that is not JSON', (response: ServerResponse) => response.writeHead(200).end('<html>'), 'not JSON'],
    ['a body of another shape', json(200, { id: 7 }), 'title'],
    ['another success', json(202, task), 'expected 200'],
  ])('is an UnexpectedResponseError if it is %s', async (_kind, respond, reason) => {
    await using service = await serve(respond);
    const refusal = service.client.getTask({ params: { id } });
    await expect(refusal).rejects.toBeInstanceOf(UnexpectedResponseError);
    await expect(refusal).rejects.toThrow(reason);
  });

  it('names the address if no server listens there', async () => {
    const service = await serve(refused);
    await service.stop();
    const refusal = service.client.listTasks();
    await expect(refusal).rejects.toBeInstanceOf(UnreachableError);
    await expect(refusal).rejects.toThrow(`GET /tasks got no response from ${service.baseUrl} (ECONNREFUSED)`);
  });

  it('passes on the abort of the caller', async () => {
    const client = createClient({ baseUrl: 'http://127.0.0.1:9' });
    await expect(client.listTasks({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  });
});
