import { describe, expect, it } from '@jest/globals';
import { CursorError, routes, presignRequest, type RouteName } from '../../contract/index.ts';
import { httpEvent, type RequestParts } from '../../../test/kit/http-event.ts';
import { sealCursor } from './page-cursor.ts';
import { decodeBody, readJsonBody, parseRequest } from './request.ts';

const id = '0193c5a8-7c1e-7d3f-9a55-2b7f4c9d8e10';
const json = { 'content-type': 'application/json; charset=utf-8' };
const parse = <Name extends RouteName>(name: Name, parts: RequestParts) =>
  parseRequest<Name>(routes[name], httpEvent(parts));
const create = (parts: RequestParts) => parse('create-task', { headers: json, ...parts });

describe('a request', () => {
  it('is read by the schemas of its route', () => {
    const parts = { body: '{"title":" Order paint "}', headers: { ...json, 'idempotency-key': ' key ', other: 'x' } };
    expect(create(parts)).toMatchObject({
      tenant: 'default',
      params: {},
      query: {},
      headers: { 'idempotency-key': 'key' },
      body: { title: 'Order paint', isComplete: false },
    });
  });

  it('has no body and no headers where its route has no schema for them', () => {
    const request = parse('get-task', { pathParameters: { id }, body: 'anything', headers: { 'if-match': '"1"' } });
    expect(request).toMatchObject({ params: { id }, body: undefined, headers: undefined });
  });

  it('has its ids in lower case, as they are stored', () => {
    expect(parse('get-task', { pathParameters: { id: id.toUpperCase() } }).params).toEqual({ id });
  });

  it('may begin with a byte-order mark, which programs on Windows write', () => {
    expect(create({ body: '\uFEFF{"title":"x"}' }).body.title).toBe('x');
  });

  it('may write null for a field that can be left out', () => {
    const nulls = { detail: null, dueAt: null, isComplete: null };
    expect(create({ body: JSON.stringify({ title: 'x', ...nulls }) }).body).toEqual({ title: 'x', isComplete: false });
    const redrive = parse('redrive-task-file', { pathParameters: { id }, headers: json, body: '{"codes":null}' });
    expect(redrive.body).toEqual({});
    const upload = { fileName: 'a.csv', contentLength: 5 };
    const nothing = { timeZone: null, encoding: null, nullWords: null, strict: null, toleratedFailureCount: null };
    const event = httpEvent({ headers: json, body: JSON.stringify({ ...upload, ...nothing }) });
    expect(readJsonBody(event, presignRequest)).toEqual(upload);
  });

  it('may replace a task by the response that returned it', () => {
    const at = '2026-01-31T08:00:00.000Z';
    const read = { id, title: 'x', isComplete: true, createdAt: at, updatedAt: at, taskFileId: id, row: 2 };
    const put = parse('update-task', { pathParameters: { id }, headers: json, body: JSON.stringify(read) });
    expect(put.body).toEqual(read);
  });

  it('may carry its body in base64', () => {
    const body = Buffer.from('{"title":"Größe 😀"}').toString('base64');
    expect(create({ body, isBase64Encoded: true }).body.title).toBe('Größe 😀');
    expect(decodeBody(httpEvent())).toHaveLength(0);
  });
});

describe('a request is refused', () => {
  it.each([
    ['get-task', 'TASK_NOT_FOUND'],
    ['get-task-file', 'TASK_FILE_NOT_FOUND'],
    ['list-task-file-failures', 'TASK_FILE_NOT_FOUND'],
  ] as const)('by %s for a text that is no id, as for an id that is not in use', (name, code) => {
    for (const pathParameters of [{ id: 'x' }, { id: `${id}/..` }, {}]) {
      expect(() => parse(name, { pathParameters })).toThrow(expect.objectContaining({ code }));
    }
  });

  it.each(['{', '', 'undefined', '{"title":"x"} {}', '\uFEFF\uFEFF{}'])('for a body that is not JSON: %j', (body) => {
    expect(() => create({ body })).toThrow(expect.objectContaining({ code: 'INVALID_JSON' }));
  });

  it('for a body that is not JSON, with the reason', () => {
    expect(() => create({ body: '' })).toThrow('There is no body');
    expect(() => create({ body: '{"title":secret}' })).toThrow('cannot be read as JSON in UTF-8.');
    expect(() => create({ body: '{"title":"x",\n}' })).toThrow('as JSON in UTF-8 (line 2 column 1).');
    const body = Buffer.from('{"title":"Größe"}', 'latin1').toString('base64');
    expect(() => create({ body, isBase64Encoded: true })).toThrow('is not UTF-8');
  });

  it.each([
    'null',
    '[]',
    '"text"',
    '5',
    '{"title":null}',
    '{"title":"x","other":null}',
    '{"title":"x","__proto__":null}',
  ])('for %s, where null does not stand for a missing field', (body) => {
    expect(() => create({ body })).toThrow(expect.objectContaining({ code: 'VALIDATION_FAILED' }));
  });

  it.each(['x\u0000', 'x\uFFFDy', '\u0081', 'x\uD83D'])('for the text %j, as a row would be', (title) => {
    for (const task of [{ title }, { title: 'x', detail: title }]) {
      expect(() => create({ body: JSON.stringify(task) })).toThrow(
        expect.objectContaining({ errors: [expect.objectContaining({ message: expect.stringContaining('UTF-8') })] }),
      );
    }
  });

  it('for an unknown parameter, with the list of known ones', () => {
    expect(() => parse('upload-tasks', { queryStringParameters: { filename: 'x' } })).toThrow(
      expect.objectContaining({
        errors: [{ path: 'query', message: expect.stringMatching(/^"filename" is not known here; known: fileName, /) }],
      }),
    );
  });

  it.each([undefined, '', 'text/plain', 'application/json5', 'application/x-www-form-urlencoded'])(
    'for the content type %j',
    (type) => {
      const headers = type === undefined ? {} : { 'content-type': type };
      expect(() => create({ body: '{}', headers })).toThrow(
        expect.objectContaining({
          code: 'UNSUPPORTED_MEDIA_TYPE',
          message: expect.stringContaining('application/json'),
        }),
      );
    },
  );

  it('with the path of every field that breaks a rule', () => {
    const body = JSON.stringify({ title: '', dueAt: 'tomorrow', more: 1 });
    expect(() => create({ body })).toThrow(
      expect.objectContaining({
        code: 'VALIDATION_FAILED',
        message: expect.stringContaining('The body breaks 3 rules'),
        errors: [
          expect.objectContaining({ path: 'body.title' }),
          expect.objectContaining({ path: 'body.dueAt' }),
          expect.objectContaining({ path: 'body' }),
        ],
      }),
    );
  });

  it.each([
    ['query.limit', { queryStringParameters: { limit: '0' } }],
    ['query', { queryStringParameters: { page: '2' } }],
    ['query.limit', { queryStringParameters: { limit: '2,2' }, rawQueryString: 'limit=2&limit=2' }],
    ['query.__proto__', { rawQueryString: 'a=1&__proto__=2&__proto__=3' }],
  ])('for %s', (path, parts) => {
    expect(() => parse('list-tasks', parts)).toThrow(
      expect.objectContaining({ code: 'VALIDATION_FAILED', errors: [expect.objectContaining({ path })] }),
    );
  });

  it('for a cursor that another list issued, and not for one of its own', () => {
    const query = (cursor: string): RequestParts => ({ rawPath: '/tasks', queryStringParameters: { cursor } });
    const own = sealCursor({ rawPath: '/tasks' }, 'position');
    expect(parse('list-tasks', query(own)).query).toEqual({ limit: 25, cursor: 'position' });
    const other = sealCursor({ rawPath: '/task-files' }, 'position');
    expect(() => parse('list-tasks', query(other))).toThrow(CursorError);
  });

  it('for a header that breaks a rule', () => {
    const headers = { ...json, 'idempotency-key': ' ' };
    expect(() => create({ body: '{"title":"x"}', headers })).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ path: 'header.idempotency-key' })] }),
    );
  });
});
