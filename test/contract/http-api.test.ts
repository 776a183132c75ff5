import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpApi } from '../../local/http/http-api.ts';
import type { HttpEvent } from '../../local/http/request-event.ts';
import { RouteTable } from '../../local/http/route-table.ts';
import type { DeployedCors, DeployedRoute } from '../../local/model.ts';
import { FunctionLogs } from '../../local/runtime/function-logs.ts';
import { Runtime } from '../../local/runtime/runtime.ts';
import { timeFactor } from '../../local/time-factor.ts';
import { throwAwayStack, type ThrowAwayStack } from './throw-away-stack.ts';

const MIB = 1024 * 1024;
const route = (routeKey: string, functionLogicalId = 'Echo'): DeployedRoute => ({ routeKey, functionLogicalId });

const routes = [
  route('$default', 'Lost'),
  route('ANY /any'),
  route('GET /tasks/{id}'),
  route('POST /tasks/upload'),
  route('POST /tasks/{id}'),
  route('POST /respond', 'Respond'),
  route('ANY /silent', 'Silent'),
  route('GET /throws', 'Throws'),
  route('GET /hangs', 'Hangs'),
];

const functions = {
  Echo: { code: 'export const handler = async (event) => event;' },
  Lost: { code: `export const handler = async (event) => ({ statusCode: 404, body: 'lost ' + event.rawPath });` },
  Respond: { code: 'export const handler = async (event) => JSON.parse(event.body);' },
  Silent: { code: 'export const handler = async () => ({ statusCode: 200 });' },
  Throws: { code: `export const handler = async () => { throw new Error('secret'); };` },
  Hangs: { code: 'export const handler = async () => new Promise(() => {});' },
};

describe('the HTTP API', () => {
  let own: ThrowAwayStack;
  let runtime: Runtime;
  let api: HttpApi;

  beforeAll(async () => {
    own = await throwAwayStack({ functions, routes });
    runtime = new Runtime(own.stack, new FunctionLogs({}), { timeFactor: timeFactor() });
    api = await HttpApi.listen({ port: 0, timeFactor: timeFactor() });
    api.serve(own.stack, (id, event) => runtime.invoke(id, event));
  });
  afterAll(async () => {
    await api.stop();
    await runtime.stop();
    await own[Symbol.asyncDispose]();
  });

  const call = (path: string, init?: RequestInit) => fetch(`${api.url}${path}`, init);
  const echo = async (path: string, init?: RequestInit) => (await (await call(path, init)).json()) as HttpEvent;
  const respond = (body: unknown) =>
    call('/respond', { method: 'POST', body: JSON.stringify(body), headers: JSON_TYPE });
  const JSON_TYPE = { 'content-type': 'application/json' };

  it('builds an event of payload format 2.0', async () => {
    const event = await echo('/tasks/a%20b%2Bc?x=1&x=2&empty&sp=a+b%20c', {
      headers: { 'X-Mixed-Case': 'kept', cookie: 'a=1; b=2' },
    });
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'GET /tasks/{id}',
      rawPath: '/tasks/a b+c',
      rawQueryString: 'x=1&x=2&empty&sp=a+b%20c',
      queryStringParameters: { x: '1,2', empty: '', sp: 'a b c' },
      pathParameters: { id: 'a b+c' },
      cookies: ['a=1', 'b=2'],
      headers: { 'x-mixed-case': 'kept', host: new URL(api.url).host, 'x-forwarded-proto': 'http' },
      requestContext: { http: { method: 'GET', path: '/tasks/a b+c', protocol: 'HTTP/1.1' }, stage: '$default' },
      isBase64Encoded: false,
    });
    expect(event.requestContext['time']).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
    expect(event.requestContext.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(event).not.toHaveProperty('body');
    expect(event).not.toHaveProperty('headers.cookie');
  });

  it('joins the values of a repeated header', async () => {
    const { port } = new URL(api.url);
    const sent = request({ port, host: '127.0.0.1', path: '/any', headers: { 'x-many': ['a', 'b'] } }).end();
    const [response] = await once(sent, 'response');
    expect(JSON.parse(await new Response(response).text())).toMatchObject({ headers: { 'x-many': 'a,b' } });
  });

  it.each([
    ['text/csv', false],
    ['text/plain; charset=utf-8', false],
    ['application/json', false],
    ['application/json; charset=utf-8', false],
    ['application/x-www-form-urlencoded', true],
    ['multipart/form-data; boundary=x', true],
    ['application/octet-stream', true],
    ['application/problem+json', true],
  ])('passes on a body of type %s as text or base64', async (type, isBase64Encoded) => {
    const event = await echo('/any', { method: 'POST', body: 'title\nä', headers: { 'content-type': type } });
    expect(event.isBase64Encoded).toBe(isBase64Encoded);
    expect(Buffer.from(event.body ?? '', isBase64Encoded ? 'base64' : 'utf8').toString()).toBe('title\nä');
  });

  it('passes on a body without a type as base64', async () => {
    const event = await echo('/any', { method: 'POST', body: new Uint8Array([0, 255]) });
    expect(event).toMatchObject({ body: 'AP8=', isBase64Encoded: true });
  });

  it('sends a structured response', async () => {
    const response = await respond({
      statusCode: 201,
      headers: { Location: '/tasks/1', 'X-Count': 3 },
      cookies: ['a=1', 'b=2'],
      body: '{"a":1}',
    });
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe('/tasks/1');
    expect(response.headers.get('x-count')).toBe('3');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(response.headers.get('content-type')).toBe('text/plain;charset=UTF-8');
    expect(response.headers.get('apigw-requestid')).not.toBeNull();
    expect(await response.text()).toBe('{"a":1}');
  });

  it('decodes a base64 body', async () => {
    const response = await respond({ statusCode: 200, body: 'AP8=', isBase64Encoded: true });
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([0, 255]));
  });

  it('sends 204 without a body', async () => {
    const response = await respond({ statusCode: 204 });
    expect([response.status, await response.text()]).toEqual([204, '']);
  });

  it('states the length of a body that HEAD does not send, and none if the function returns no body', async () => {
    const lengthOf = async (method: string, path: string) => {
      const { headers, body } = await call(path, { method });
      await body?.cancel();
      return headers.get('content-length');
    };
    expect(Number(await lengthOf('HEAD', '/any'))).toBeGreaterThan(100);
    expect([await lengthOf('HEAD', '/silent'), await lengthOf('GET', '/silent')]).toEqual([null, '0']);
  });

  it.each([
    [{ a: 1 }, '{"a":1}'],
    ['just text', 'just text'],
    [[1, 2], '[1,2]'],
    [null, 'null'],
  ])('treats a result without a status code as the body of a 200', async (value, body) => {
    const response = await respond(value);
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      'application/json',
      body,
    ]);
  });

  it.each([{ statusCode: 'no' }, { statusCode: 42 }, { statusCode: 200, body: { a: 1 } }])(
    'treats a malformed result as a failure',
    async (value) => {
      expect((await respond(value)).status).toBe(500);
    },
  );

  it('reveals nothing of the error that a function threw', async () => {
    const response = await call('/throws');
    expect([response.status, await response.json()]).toEqual([500, { message: 'Internal Server Error' }]);
  });

  it('responds with 503 when a function takes too long', async () => {
    const impatient = await HttpApi.listen({ port: 0, integrationTimeoutMs: 1 });
    impatient.serve(own.stack, (id, event) => runtime.invoke(id, event));
    const response = await fetch(`${impatient.url}/hangs`);
    expect([response.status, await response.json()]).toEqual([503, { message: 'Service Unavailable' }]);
    await impatient.stop();
  });

  it.each([
    ['10 MB and a byte', 10 * MIB + 1],
    ["a size that does not fit into a function's event", 6 * MIB],
  ])('refuses a body of %s', async (_, size) => {
    const response = await call('/any', {
      method: 'POST',
      body: 'x'.repeat(size),
      headers: { 'content-type': 'text/csv' },
    });
    expect([response.status, await response.json()]).toEqual([413, { message: 'Request Entity Too Large' }]);
  });

  it('passes a request that no other route matches to the default route', async () => {
    const response = await call('/nowhere/');
    expect([response.status, await response.text()]).toEqual([404, 'lost /nowhere/']);
  });

  it('refuses a path with a malformed escape', async () => {
    expect((await call('/tasks/%E0%A4%A')).status).toBe(400);
  });

  it('serves only its own host names and pages', async () => {
    const { port } = new URL(api.url);
    const status = async (headers: Record<string, string>) => {
      const [response] = await once(request({ port, host: '127.0.0.1', path: '/any', headers }).end(), 'response');
      response.resume();
      return response.statusCode;
    };
    expect(await status({ host: `localhost:${port}`, origin: `http://localhost:${port}` })).toBe(200);
    expect(await status({ host: `[::1]:${port}` })).toBe(200);
    expect(await status({ host: 'tasks.example.com' })).toBe(403);
    expect(await status({ host: `127.0.0.1:${Number(port) + 1}` })).toBe(403);
    expect(await status({ origin: 'https://tasks.example.com' })).toBe(403);
    expect(await status({ origin: 'null' })).toBe(403);
  });

  it('lets the client close idle connections', async () => {
    const { headers } = await call('/silent');
    // If the server had a limit, it would state it here.
    expect([headers.get('connection'), headers.get('keep-alive')]).toEqual(['keep-alive', null]);
  });

  it('survives a client that disconnects in the middle of a request', async () => {
    const { port } = new URL(api.url);
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`POST /any HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-length: 100\r\n\r\nhalf`);
    socket.destroy();
    await once(socket, 'close');
    expect((await call('/any')).status).toBe(200);
  });

  it('says in one sentence that its port is taken', async () => {
    const port = Number(new URL(api.url).port);
    await expect(HttpApi.listen({ port })).rejects.toThrow(
      `Port ${port} is taken by another program. Stop that program, or choose another port with --port.`,
    );
  });

  it('responds to running requests before it stops', async () => {
    const other = await HttpApi.listen({ port: 0 });
    const called = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    other.serve(own.stack, async () => {
      called.resolve();
      await go.promise;
      return { ok: 'late' };
    });
    const responding = fetch(`${other.url}/any`).then((response) => response.text());
    await called.promise;
    const drained = other.drain();
    go.resolve();
    await drained;
    await other.stop();
    expect(await responding).toBe('late');
    await expect(fetch(`${other.url}/any`)).rejects.toThrow();
  });

  it('responds with 503 until it serves a stack', async () => {
    const early = await HttpApi.listen({ port: 0 });
    expect((await fetch(`${early.url}/any`)).status).toBe(503);
    await early.stop();
  });
});

describe('the HTTP API with a CORS configuration', () => {
  const ORIGIN = 'http://localhost:3000';
  const cors: DeployedCors = {
    allowOrigins: [ORIGIN],
    allowMethods: ['GET', 'PUT'],
    allowHeaders: ['content-type'],
    exposeHeaders: ['etag', 'link'],
    maxAgeSeconds: 600,
    allowCredentials: false,
  };
  let own: ThrowAwayStack;
  let api: HttpApi;
  beforeAll(async () => {
    own = await throwAwayStack({ functions: {}, routes: [route('ANY /any'), route('$default', 'Lost')] });
    api = await HttpApi.listen({ port: 0 });
    api.serve({ ...own.stack, cors }, async (id) => ({
      ok: {
        statusCode: id === 'Lost' ? 404 : 200,
        headers: { 'Access-Control-Allow-Origin': '*', vary: 'Accept' },
        body: id,
      },
    }));
  });
  afterAll(async () => {
    await api.stop();
    await own[Symbol.asyncDispose]();
  });

  /** Sends a request without fetch, which does not let the caller set the Origin. */
  async function call(method: string, headers: Record<string, string>) {
    const [response] = await once(request(`${api.url}/any`, { method, headers }).end(), 'response');
    return { status: response.statusCode, headers: response.headers, body: await new Response(response).text() };
  }
  const preflight = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type' };

  it('responds to a preflight request of an allowed origin itself', async () => {
    const { status, headers, body } = await call('OPTIONS', { origin: ORIGIN, ...preflight });
    expect([status, body]).toEqual([204, '']);
    expect(headers).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-methods': 'GET,PUT',
      'access-control-allow-headers': 'content-type',
      'access-control-max-age': '600',
    });
  });

  it("lets its pages read every response, and replaces the function's CORS headers with its own", async () => {
    const { status, headers } = await call('GET', { origin: ORIGIN });
    expect([status, headers]).toMatchObject([
      200,
      { 'access-control-allow-origin': ORIGIN, 'access-control-expose-headers': 'etag,link', vary: 'Accept, Origin' },
    ]);
  });

  it('refuses pages of other origins and names the setting that allows them', async () => {
    for (const method of ['GET', 'OPTIONS']) {
      const refused = await call(method, { origin: 'http://localhost:3001', ...preflight });
      expect(refused).toMatchObject({ status: 403, body: expect.stringContaining('CDK_CORS_ALLOW_ORIGIN') });
      expect(refused.headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  it('passes OPTIONS that is no preflight request to the function, and serves programs as usual', async () => {
    expect(await call('OPTIONS', { origin: ORIGIN })).toMatchObject({ status: 200, body: 'Echo' });
    const { status, headers } = await call('GET', {});
    expect([status, headers['access-control-allow-origin']]).toEqual([200, undefined]);
  });
});

describe('the route of a request', () => {
  const table = new RouteTable(
    [
      'GET /{proxy+}',
      'GET /pets/{id}',
      'ANY /pets/dog',
      'GET /pets/dog',
      'GET /pets/dog/{id}',
      'GET /pets/{id}/food',
    ].map((key) => route(key)),
  );
  it.each([
    ['GET', '/pets/dog', 'GET /pets/dog'],
    ['POST', '/pets/dog', 'ANY /pets/dog'],
    ['GET', '/pets/cat', 'GET /pets/{id}'],
    ['GET', '/pets/dog/1', 'GET /pets/dog/{id}'],
    ['GET', '/pets/cat/food', 'GET /pets/{id}/food'],
    ['GET', '/pets/cat/toys', 'GET /{proxy+}'],
    ['GET', '/pets/', 'GET /{proxy+}'],
    ['POST', '/pets/cat', undefined],
  ])('%s %s', (method, path, routeKey) => {
    expect(table.match(method, path)?.route.routeKey).toBe(routeKey);
  });

  it('has the value of a greedy parameter', () => {
    expect(table.match('GET', '/a/b%20c/d')?.pathParameters).toEqual({ proxy: 'a/b c/d' });
  });
});
