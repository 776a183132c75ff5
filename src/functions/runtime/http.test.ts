import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { takeLog } from '../../../test/kit/captured-log.ts';
import { TaskError } from '../../tasks/index.ts';
import { httpEvent } from '../../../test/kit/http-event.ts';
import { httpHandler, pageResponse } from './http.ts';
import { sealCursor } from './page-cursor.ts';

const id = '0193c5a8-7c1e-7d3f-9a55-2b7f4c9d8e10';
const at = '2026-01-31T08:00:00.000Z';
const task = { id, title: 'Order paint', isComplete: false, createdAt: at, updatedAt: at };
const CONTEXT = { getRemainingTimeInMillis: () => 10_000 };
const byId = httpEvent({ pathParameters: { id } });
const bodyOf = ({ body }: APIGatewayProxyStructuredResultV2): unknown => JSON.parse(String(body));

beforeEach(() => void takeLog());

describe('the entry point of a route', () => {
  it('answers JSON with the status of the route', async () => {
    const handler = httpHandler('get-task', async ({ params }) => ({
      body: { ...task, id: params.id },
      headers: { etag: '"1"' },
    }));
    const answer = await handler(byId, CONTEXT);
    expect(answer).toMatchObject({ statusCode: 200, headers: { 'content-type': 'application/json', etag: '"1"' } });
    expect(bodyOf(answer)).toEqual(task);
  });

  it('answers without a body where there is none', async () => {
    const plain = httpHandler('delete-task', async () => ({ body: undefined }));
    expect(await plain(byId, CONTEXT)).toEqual({ statusCode: 204 });
    const tagged = httpHandler('delete-task', async () => ({ body: undefined, headers: { etag: '"2"' } }));
    expect(await tagged(byId, CONTEXT)).toEqual({ statusCode: 204, headers: { etag: '"2"' } });
  });

  it('answers HEAD as GET, less the body', async () => {
    const answered = httpHandler('get-task', async () => ({ body: { ...task }, headers: { etag: '"1"' } }));
    const refused = httpHandler('get-task', () => Promise.reject(new TaskError('TASK_NOT_FOUND', 'gone')));
    for (const handler of [answered, refused]) {
      const { body, ...asGet } = await handler(byId, CONTEXT);
      const { requestContext } = byId;
      const head = { ...byId, requestContext: { ...requestContext, http: { ...requestContext.http, method: 'HEAD' } } };
      expect(body).toBeDefined();
      expect(await handler(head, CONTEXT)).toEqual(asGet);
    }
  });

  it('refuses what the gateway took for an id, if the path takes other methods', async () => {
    const handler = httpHandler('get-task', () => Promise.reject(new Error('called')));
    const { requestContext } = byId;
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
      const http = { ...requestContext.http, method, path: '/tasks/upload' };
      const upload = httpEvent({ pathParameters: { id: 'upload' } });
      const answer = await handler({ ...upload, requestContext: { ...requestContext, http } }, CONTEXT);
      expect(answer).toMatchObject({ statusCode: 405, headers: { allow: 'OPTIONS, POST' } });
      if (method !== 'HEAD') expect(bodyOf(answer)).toMatchObject({ code: 'METHOD_NOT_ALLOWED' });
    }
  });

  it('answers a refused request with its problem, and calls nobody', async () => {
    const handler = httpHandler('get-task', () => Promise.reject(new Error('called')));
    const answer = await handler(httpEvent({ pathParameters: { id: 'x' } }), CONTEXT);
    expect(answer).toMatchObject({ statusCode: 404, headers: { 'content-type': 'application/problem+json' } });
    expect(bodyOf(answer)).toMatchObject({ code: 'TASK_NOT_FOUND', requestId: 'request-1' });
    expect(takeLog()).toBe('');
  });

  it('answers what the domain refuses with its problem', async () => {
    const handler = httpHandler('get-task', () => Promise.reject(new TaskError('PRECONDITION_FAILED', 'changed')));
    expect(bodyOf(await handler(byId, CONTEXT))).toMatchObject({
      status: 412,
      code: 'PRECONDITION_FAILED',
      detail: 'changed',
    });
  });

  it('answers what nobody foresaw without a word of it, and logs it', async () => {
    const handler = httpHandler('get-task', () => Promise.reject(new TypeError('a detail of ours')));
    const answer = await handler(byId, CONTEXT);
    expect(bodyOf(answer)).toMatchObject({ status: 500, code: 'INTERNAL', requestId: 'request-1' });
    expect(answer.body).not.toMatch(/detail of ours|TypeError|\.ts/);
    expect(JSON.parse(takeLog())).toMatchObject({
      level: 'ERROR',
      message: 'request_failed',
      route: 'get-task',
      requestId: 'request-1',
      errorName: 'TypeError',
    });
  });
});

describe('a request that services leave waiting', () => {
  /** Nothing answers; the function has so long. */
  const left = (milliseconds: number) => ({ getRemainingTimeInMillis: () => milliseconds });
  const silent = httpHandler('get-task', () => new Promise<never>(() => undefined));

  it('is answered before the function is ended, with when to try again', async () => {
    const answer = await silent(byId, left(1_001));
    expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
    expect(bodyOf(answer)).toMatchObject({ code: 'UNAVAILABLE', requestId: 'request-1' });
    expect(takeLog()).toContain('request_unavailable');
  });

  it('is answered also if its time was up before it began', async () => {
    expect(await silent(byId, left(0))).toMatchObject({ statusCode: 503 });
  });
});

describe('a page', () => {
  it('that is the last has no link', () => {
    expect(pageResponse({ items: [task] }, httpEvent())).toEqual({ body: [task] });
  });

  it('links to the next one, with the query that led to it', () => {
    const event = httpEvent({
      rawPath: '/task-files',
      queryStringParameters: { limit: '2', status: 'NEW', cursor: 'a' },
    });
    expect(pageResponse({ items: [], cursor: 'b_-' }, event)).toEqual({
      body: [],
      headers: { link: `</task-files?limit=2&status=NEW&cursor=${sealCursor(event, 'b_-')}>; rel="next"` },
    });
  });

  it('links to the next one also if there was no query', () => {
    expect(pageResponse({ items: [], cursor: 'b' }, httpEvent())).toMatchObject({
      headers: { link: `</tasks?cursor=${sealCursor(httpEvent(), 'b')}>; rel="next"` },
    });
  });
});
