import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ProblemCode } from '../../src/contract/index.ts';
import { csv, rows } from './support/csv.ts';
import { expectProblem, json } from './support/problems.ts';
import { startService, type Service } from './support/service.ts';

const UNKNOWN_ID = '018f0000-0000-7000-8000-000000000000';

describe('a bad request', () => {
  let service: Service;
  let taskId: string;
  let fileId: string;
  beforeAll(async () => {
    service = await startService();
    ({ id: taskId } = await service.client.createTask({ body: { title: 'There is one' } }));
    ({ id: fileId } = await service.process(csv(rows(3, (number) => (number === 2 ? { title: '' } : {})))));
  });
  afterAll(() => service.stop());

  /** Paths contain `{task}` and `{file}` for ids that exist, because tests get their names before the ids exist. */
  const request = (method: string, path: string, init: RequestInit = {}): Promise<Response> =>
    service.request(path.replace('{task}', taskId).replace('{file}', fileId), { method, ...init });

  const WRITES = [
    ['POST', '/tasks'],
    ['PUT', '/tasks/{task}'],
  ] as const;
  const LISTS = ['/tasks', '/task-files', '/task-files/{file}/tasks', '/task-files/{file}/failures'];

  describe.each(WRITES)('%s %s', (method, path) => {
    const send = (body: unknown): Promise<Response> => request(method, path, json(body));

    it.each(['', '{', '{"title":"x"', "{'title':'x'}", 'title=x', '{"title":"\n"}', '\uFEFF{"title":"x"} trailing'])(
      'with the body %j, which is not JSON: 400',
      async (body) => {
        await expectProblem(await send(body), 'INVALID_JSON');
      },
    );

    it('without a body, which is not JSON: 400', async () => {
      await expectProblem(
        await request(method, path, { headers: { 'content-type': 'application/json' } }),
        'INVALID_JSON',
      );
    });

    it.each<[string, unknown, string]>([
      ['null', null, 'body'],
      ['an array', [{ title: 'x' }], 'body'],
      ['a text', '"title"', 'body'],
      ['no title', {}, 'body.title'],
      ['a blank title', { title: ' \u00a0\t' }, 'body.title'],
      ['a title of 101 characters', { title: 'x'.repeat(101) }, 'body.title'],
      ['a title that is a number', { title: 1 }, 'body.title'],
      ['a title that is null', { title: null }, 'body.title'],
      ['a detail of 1,001 characters', { title: 'x', detail: 'x'.repeat(1_001) }, 'body.detail'],
      ['isComplete as a text', { title: 'x', isComplete: 'yes' }, 'body.isComplete'],
      ['a date without a time', { title: 'x', dueAt: '2027-03-01' }, 'body.dueAt'],
      ['a date without an offset', { title: 'x', dueAt: '2027-03-01T09:00:00' }, 'body.dueAt'],
      ['a day that does not exist', { title: 'x', dueAt: '2027-02-30T09:00:00Z' }, 'body.dueAt'],
      ['an instant before the year 0', { title: 'x', dueAt: '0000-01-01T00:00:00+01:00' }, 'body.dueAt'],
      ['an instant after the year 9999', { title: 'x', dueAt: '9999-12-31T23:59:59-01:00' }, 'body.dueAt'],
      ['a lone surrogate in its title', '{"title":"x\\ud83d"}', 'body.title'],
      ['a lone surrogate in its detail', '{"title":"x","detail":"\\udd11x"}', 'body.detail'],
      ['a NUL in its title', '{"title":"x\\u0000"}', 'body.title'],
      ['U+FFFD in its detail', '{"title":"x","detail":"\uFFFD"}', 'body.detail'],
    ])('with %s: 400, and names the field', async (_, body, path) => {
      const { errors } = await expectProblem(await send(body), 'VALIDATION_FAILED');
      expect(errors).toEqual([{ path, message: expect.any(String) }]);
    });

    it.each([...(method === 'POST' ? ['id', 'row'] : []), 'version', 'constructor', '__proto__', 'Title'])(
      'with the unknown field %s: 400',
      async (field) => {
        const { errors } = await expectProblem(await send(`{"title":"x","${field}":{"a":1}}`), 'VALIDATION_FAILED');
        expect(errors).toEqual([{ path: 'body', message: expect.stringContaining(field) }]);
      },
    );

    it('with bytes that are not UTF-8: 400, and nothing is stored', async () => {
      const body = Buffer.from('{"title":"Größe"}', 'latin1');
      const response = await request(method, path, { body, headers: { 'content-type': 'application/json' } });
      const { errors } = await expectProblem(response, 'VALIDATION_FAILED');
      expect(errors).toEqual([{ path: 'body.title', message: expect.stringContaining('UTF-8') }]);
    });

    it('with several wrong fields: 400, and names each of them', async () => {
      const body = { title: '', detail: 1, dueAt: 'soon', isComplete: 'maybe', more: true };
      const { errors = [] } = await expectProblem(await send(body), 'VALIDATION_FAILED');
      const paths = ['body', 'body.detail', 'body.dueAt', 'body.isComplete', 'body.title'];
      expect(errors.map(({ path }) => path).toSorted()).toEqual(paths);
    });

    it.each([undefined, 'text/plain', 'text/json', 'application/x-www-form-urlencoded', 'application/jsonx'])(
      'with the content type %s: 415',
      async (contentType) => {
        const body = new TextEncoder().encode('{"title":"x"}');
        const headers = contentType === undefined ? {} : { 'content-type': contentType };
        const { detail } = await expectProblem(
          await request(method, path, { body, headers }),
          'UNSUPPORTED_MEDIA_TYPE',
        );
        expect(detail).toContain('application/json');
      },
    );

    it('with an unknown query parameter: 400', async () => {
      const response = await request(method, `${path}?dryRun=1`, json({ title: 'x' }));
      const { errors } = await expectProblem(response, 'VALIDATION_FAILED');
      expect(errors).toEqual([{ path: 'query', message: expect.stringContaining('dryRun') }]);
    });
  });

  it('with the id of another task in its body: 400', async () => {
    const response = await request('PUT', '/tasks/{task}', json({ id: UNKNOWN_ID, title: 'x' }));
    const { errors } = await expectProblem(response, 'VALIDATION_FAILED');
    expect(errors).toEqual([{ path: 'body.id', message: expect.stringContaining('address') }]);
  });

  it('to create a task with If-None-Match: *: 412', async () => {
    const response = await request('POST', '/tasks', json({ title: 'x' }, { 'if-none-match': '*' }));
    const { detail } = await expectProblem(response, 'PRECONDITION_FAILED');
    expect(detail).toContain('Idempotency-Key');
  });

  it('changes no task', async () => {
    const before = await service.allTasks();
    for (const [method, path] of WRITES) {
      await request(method, path, json({ title: '' }));
      await request(method, path, json('{'));
    }
    expect(await service.allTasks()).toEqual(before);
  });

  describe.each(LISTS)('GET %s', (path) => {
    it.each(['0', '101', '-1', '2.5', 'abc', '', 'NaN', 'Infinity', '1,2'])('with limit=%s: 400', async (limit) => {
      const response = await request('GET', `${path}?limit=${limit}`);
      const { errors } = await expectProblem(response, 'VALIDATION_FAILED');
      expect(errors).toEqual([{ path: 'query.limit', message: expect.any(String) }]);
    });

    const toCursor = (position: unknown): string => Buffer.from(JSON.stringify(position)).toString('base64url');
    it.each([
      'nonsense',
      '%00',
      toCursor(null),
      toCursor({}),
      toCursor({ item: -1 }),
      toCursor({ item: 1.5 }),
      toCursor({ item: 'x', more: 1 }),
      toCursor({ partition: 16, after: '' }),
      toCursor({ partition: 0, after: 'x'.repeat(101) }),
      toCursor({ segment: 0, batch: 0, item: -1 }),
      toCursor({ after: 1 }),
      toCursor([]),
    ])('with the cursor %s: 400', async (cursor) => {
      await expectProblem(await request('GET', `${path}?cursor=${cursor}`), 'INVALID_CURSOR');
    });

    it.each([
      { item: Number.MAX_SAFE_INTEGER },
      { segment: Number.MAX_SAFE_INTEGER, batch: 0, item: 0 },
      { segment: 0, batch: Number.MAX_SAFE_INTEGER, item: 0 },
      { segment: 0, batch: 0, item: Number.MAX_SAFE_INTEGER },
      { partition: 15, after: '~' },
      { partition: 0, after: '' },
      { after: '' },
      { after: '0' },
      { after: '~' },
    ])('with the forged cursor %j: 200 or 400, never 500', async (position) => {
      const response = await request('GET', `${path}?cursor=${toCursor(position)}`);
      if (response.status !== 200) await expectProblem(response, 'INVALID_CURSOR');
    });

    it('with an empty cursor, or with one of more than 6,000 characters: 400', async () => {
      for (const cursor of ['', 'x'.repeat(6_001)]) {
        const response = await request('GET', `${path}?cursor=${cursor}`);
        const { errors } = await expectProblem(response, 'VALIDATION_FAILED');
        expect(errors).toEqual([{ path: 'query.cursor', message: expect.any(String) }]);
      }
    });

    it('with an unknown parameter: 400', async () => {
      const response = await request('GET', `${path}?page=2`);
      const { errors } = await expectProblem(response, 'VALIDATION_FAILED');
      expect(errors).toEqual([{ path: 'query', message: expect.stringContaining('page') }]);
    });
  });

  it('for task files with an unknown status: 400, and names the statuses', async () => {
    const response = await request('GET', '/task-files?status=DONE');
    const { errors } = await expectProblem(response, 'VALIDATION_FAILED');
    expect(errors).toEqual([{ path: 'query.status', message: expect.stringContaining('COMPLETED') }]);
  });

  it.each<[method: string, path: string, code: ProblemCode]>([
    ['GET', '/tasks/', 'TASK_NOT_FOUND'],
    ['PUT', '/tasks/', 'TASK_NOT_FOUND'],
    ['DELETE', '/tasks/', 'TASK_NOT_FOUND'],
    ['GET', '/task-files/', 'TASK_FILE_NOT_FOUND'],
  ])('%s %s… with an unknown or malformed id: 404', async (method, path, code) => {
    for (const id of [UNKNOWN_ID, 'uploads', '1', '__proto__', '%252e', `${UNKNOWN_ID}%20`, `${UNKNOWN_ID}%23edit`]) {
      const init = method === 'PUT' ? json({ title: 'x' }) : {};
      const { detail = '' } = await expectProblem(await request(method, path + id, init), code);
      if (id === UNKNOWN_ID) expect(detail).toContain(id);
    }
  });

  it.each(['tasks', 'failures'])('GET /task-files/{id}/%s of an unknown file: 404', async (what) => {
    for (const id of [UNKNOWN_ID, 'nothing']) {
      await expectProblem(await request('GET', `/task-files/${id}/${what}`), 'TASK_FILE_NOT_FOUND');
    }
  });

  it('for a task by the id of a task file, or the reverse: 404', async () => {
    await expectProblem(await request('GET', '/task-files/{task}'), 'TASK_FILE_NOT_FOUND');
    await expectProblem(await request('GET', '/tasks/{file}'), 'TASK_NOT_FOUND');
  });

  it.each([
    ['GET', '/nowhere'],
    ['OPTIONS', '/nowhere'],
    ['HEAD', '/nowhere'],
    ['PATCH', '/nowhere'],
    ['GET', '/tasks/{task}/'],
    ['GET', '/task-files/{file}/rows'],
    ['GET', '//tasks'],
    ['GET', '/TASKS'],
    ['GET', '/tasks%2F{task}'],
  ])('%s %s, which is no route: 404', async (method, path) => {
    const response = await request(method, path);
    if (method === 'HEAD') expect(response.status).toBe(404);
    else await expectProblem(response, 'ROUTE_NOT_FOUND');
  });

  it.each([
    ['PATCH', '/tasks/{task}', 'DELETE, GET, HEAD, OPTIONS, PUT'],
    ['POST', '/tasks/{task}', 'DELETE, GET, HEAD, OPTIONS, PUT'],
    ['DELETE', '/tasks', 'GET, HEAD, OPTIONS, POST'],
    ['PATCH', '/tasks/upload', 'OPTIONS, POST'],
    ['GET', '/tasks/upload', 'OPTIONS, POST'],
    ['PUT', '/tasks/upload', 'OPTIONS, POST'],
    ['DELETE', '/tasks/upload', 'OPTIONS, POST'],
    ['PUT', '/task-files/{file}', 'GET, HEAD, OPTIONS'],
    ['GET', '/task-files/{file}/redrive', 'OPTIONS, POST'],
    ['POST', '/', 'GET, HEAD, OPTIONS'],
  ])('%s %s, a method that the path does not have: 405, and names the methods', async (method, path, allow) => {
    const response = await request(method, path);
    expect(response.headers.get('allow')).toBe(allow);
    const { detail } = await expectProblem(response, 'METHOD_NOT_ALLOWED');
    expect(detail).toContain(allow);
    const asked = await request('OPTIONS', path);
    expect([asked.status, asked.headers.get('allow'), await asked.text()]).toEqual([204, allow, '']);
  });

  it('by HEAD has the status and headers of GET, and no body', async () => {
    for (const path of [
      '/',
      '/tasks',
      '/tasks/{task}',
      `/tasks/${UNKNOWN_ID}`,
      '/task-files/{file}/failures?limit=0',
    ]) {
      const [read, looked] = [await request('GET', path), await request('HEAD', path)];
      expect([looked.status, await looked.text()]).toEqual([read.status, '']);
      expect(looked.headers.get('content-length')).toBeNull();
      for (const name of ['content-type', 'etag', 'link'])
        expect(looked.headers.get(name)).toBe(read.headers.get(name));
      await read.body?.cancel();
    }
  });

  it('to the bare address is fine: the response shows what to try', async () => {
    const { try: tries } = (await (await request('GET', '/')).json()) as { try: { command: string }[] };
    expect(tries.map(({ command }) => command)).toEqual([
      expect.stringContaining(`${service.cloud.apiUrl}/tasks/upload?fileName=`),
      expect.stringContaining(`${service.cloud.apiUrl}/task-files`),
      expect.stringContaining(`${service.cloud.apiUrl}/tasks`),
    ]);
    const page = await request('GET', '/', { headers: { accept: 'text/html' } });
    expect([page.headers.get('content-type'), await page.text()]).toEqual([
      'text/html; charset=utf-8',
      expect.stringContaining(`${service.cloud.apiUrl}/task-files`),
    ]);
  });

  it('without a route gets its path back, and no internals', async () => {
    const { detail } = await expectProblem(await request('GET', '/zażółć%3Cb%3E'), 'ROUTE_NOT_FOUND');
    expect(detail).toBe('There is no GET /zażółć<b>.');
  });

  it('never gets a refused value back, so that no response passes on a secret', async () => {
    const secret = 'hunter2'.repeat(20);
    const texts = await Promise.all([
      (await request('POST', '/tasks', json({ title: secret, dueAt: secret, isComplete: secret }))).text(),
      (await request('POST', '/tasks', json(`{"title": ${secret}`))).text(),
    ]);
    for (const text of texts) expect(text).not.toContain('hunter2');
  });
});
