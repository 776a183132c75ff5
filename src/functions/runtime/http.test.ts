import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { takeLog } from '../../../test/kit/captured-log.ts';
import { TaskError } from '../../tasks/index.ts';
import { httpEvent } from '../../../test/kit/http-event.ts';
import { httpHandler, toPageResponse } from './http.ts';
import { sealCursor } from './page-cursor.ts';

const id = '0193c5a8-7c1e-7d3f-9a55-2b7f4c9d8e10';
const at = '2026-01-31T08:00:00.000Z';
const task = { id, title: 'Order paint', isComplete: false, createdAt: at, updatedAt: at };
const CONTEXT = { getRemainingTimeInMillis: () => 10_000 };
const byId = httpEvent({ pathParameters: { id } });
const bodyOf = ({ body }: APIGatewayProxyStructuredResultV2): unknown => JSON.parse(String(body));

beforeEach(() => void takeLog());

describe('the entry point of a route', () => {
  it('responds with JSON and the status of the route', async () => {
    const handler = httpHandler('get-task', async ({ params }) => ({
      body: { ...task, id: params.id },
      headers: { etag: '"1"' },
    }));
    const response = await handler(byId, CONTEXT);
    expect(response).toMatchObject({ statusCode: 200, headers: { 'content-type': 'application/json', etag: '"1"' } });
    expect(bodyOf(response)).toEqual(task);
  });

  it('responds without a body where the use case returns none', async () => {
    const plain = httpHandler('delete-task', async () => ({ body: undefined }));
    expect(await plain(byId, CONTEXT)).toEqual({ statusCode: 204 });
    const tagged = httpHandler('delete-task', async () => ({ body: undefined, headers: { etag: '"2"' } }));
    expect(await tagged(byId, CONTEXT)).toEqual({ statusCode: 204, headers: { etag: '"2"' } });
  });

  it('responds to HEAD as to GET, without the body', async () => {
    const responding = httpHandler('get-task', async () => ({ body: { ...task }, headers: { etag: '"1"' } }));
    const refused = httpHandler('get-task', () => Promise.reject(new TaskError('TASK_NOT_FOUND', 'gone')));
    for (const handler of [responding, refused]) {
      const { body, ...asGet } = await handler(byId, CONTEXT);
      const { requestContext } = byId;
      const head = { ...byId, requestContext: { ...requestContext, http: { ...requestContext.http, method: 'HEAD' } } };
      expect(body).toBeDefined();
      expect(await handler(head, CONTEXT)).toEqual(asGet);
    }
  });

  it('refuses a method that the path does not take, where the gateway took a part of it for an id', async () => {
    const handler = httpHandler('get-task', () => Promise.reject(new Error('called')));
    const { requestContext } = byId;
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
      const http = { ...requestContext.http, method, path: '/tasks/upload' };
      const upload = httpEvent({ pathParameters: { id: 'upload' } });
      const response = await handler({ ...upload, requestContext: { ...requestContext, http } }, CONTEXT);
      expect(response).toMatchObject({ statusCode: 405, headers: { allow: 'OPTIONS, POST' } });
      if (method !== 'HEAD') expect(bodyOf(response)).toMatchObject({ code: 'METHOD_NOT_ALLOWED' });
    }
  });

  it('responds to a refused request with its problem, and does not call the use case', async () => {
    const handler = httpHandler('get-task', () => Promise.reject(new Error('called')));
    const response = await handler(httpEvent({ pathParameters: { id: 'x' } }), CONTEXT);
    expect(response).toMatchObject({ statusCode: 404, headers: { 'content-type': 'application/problem+json' } });
    expect(bodyOf(response)).toMatchObject({ code: 'TASK_NOT_FOUND', requestId: 'request-1' });
    expect(takeLog()).toBe('');
  });

  it('responds to an error of the domain with its problem', async () => {
    const handler = httpHandler('get-task', () => Promise.reject(new TaskError('PRECONDITION_FAILED', 'changed')));
    expect(bodyOf(await handler(byId, CONTEXT))).toMatchObject({
      status: 412,
      code: 'PRECONDITION_FAILED',
      detail: 'changed',
    });
  });

  it('logs an unexpected error, and responds without any detail of it', async () => {
    const handler = httpHandler('get-task', () => Promise.reject(new TypeError('an internal detail')));
    const response = await handler(byId, CONTEXT);
    expect(bodyOf(response)).toMatchObject({ status: 500, code: 'INTERNAL', requestId: 'request-1' });
    expect(response.body).not.toMatch(/internal detail|TypeError|\.ts/);
    expect(JSON.parse(takeLog())).toMatchObject({
      level: 'ERROR',
      message: 'request_failed',
      route: 'get-task',
      requestId: 'request-1',
      errorName: 'TypeError',
    });
  });
});

describe('a request whose services do not respond', () => {
  /** The context of a function with so much time left. */
  const left = (milliseconds: number) => ({ getRemainingTimeInMillis: () => milliseconds });
  const silent = httpHandler('get-task', () => new Promise<never>(() => undefined));

  it('gets a response before the function is ended, which says when to try again', async () => {
    const response = await silent(byId, left(1_001));
    expect(response).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
    expect(bodyOf(response)).toMatchObject({ code: 'UNAVAILABLE', requestId: 'request-1' });
    expect(takeLog()).toContain('request_unavailable');
  });

  it('gets a response even if the time was up before it began', async () => {
    expect(await silent(byId, left(0))).toMatchObject({ statusCode: 503 });
  });
});

describe('a page', () => {
  it('has no link if it is the last one', () => {
    expect(toPageResponse({ items: [task] }, httpEvent())).toEqual({ body: [task] });
  });

  it('links to the next page, with the query that led to it', () => {
    const event = httpEvent({
      rawPath: '/task-files',
      queryStringParameters: { limit: '2', status: 'NEW', cursor: 'a' },
    });
    expect(toPageResponse({ items: [], cursor: 'b_-' }, event)).toEqual({
      body: [],
      headers: { link: `</task-files?limit=2&status=NEW&cursor=${sealCursor(event, 'b_-')}>; rel="next"` },
    });
  });

  it('links to the next page if there was no query', () => {
    expect(toPageResponse({ items: [], cursor: 'b' }, httpEvent())).toMatchObject({
      headers: { link: `</tasks?cursor=${sealCursor(httpEvent(), 'b')}>; rel="next"` },
    });
  });
});
