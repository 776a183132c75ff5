import { EventEmitter, once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { ConcurrencyLimit } from '../../local/gate/dynamodb/concurrency-limit.ts';

let server: Server;
let url: string;
let arrived: ServerResponse[];
/** The requests that are being served, in the order in which they began. */
let served: { readonly path: string; readonly response: ServerResponse }[];
/** Emits `begins` when a request begins. */
const events = new EventEmitter();

beforeEach(async () => {
  const limit = new ConcurrencyLimit(2);
  arrived = [];
  served = [];
  server = createServer(({ url: path = '' }, response) => {
    arrived.push(response);
    limit.run(() => {
      served.push({ path, response });
      events.emit('begins');
    }, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Sends requests one after the other, so that their order is known. None gets a response yet. */
async function send(...paths: readonly string[]): Promise<readonly AbortController[]> {
  const requests = [];
  for (const path of paths) {
    const request = new AbortController();
    const arrival = once(server, 'request');
    // The test checks the outcome in the server.
    void fetch(`${url}${path}`, { signal: request.signal }).catch(() => undefined);
    await arrival;
    requests.push(request);
  }
  return requests;
}

/** Waits until so many requests have begun, and returns their paths. */
async function begun(count: number): Promise<readonly string[]> {
  while (served.length < count) await once(events, 'begins');
  return served.map(({ path }) => path);
}

it('serves two requests at once, and the next one when a response ends, in their order', async () => {
  await send('/1', '/2', '/3', '/4');
  expect(await begun(2)).toEqual(['/1', '/2']);
  served[1]?.response.end();
  expect(await begun(3)).toEqual(['/1', '/2', '/3']);
  served[0]?.response.end();
  served[2]?.response.end();
  expect(await begun(4)).toEqual(['/1', '/2', '/3', '/4']);
});

it('serves the next request when a caller goes away, and serves a waiting one whose caller has gone', async () => {
  const [, second, third] = await send('/1', '/2', '/3', '/4', '/5');
  const thirdIsGone = once(arrived[2]!, 'close');
  third?.abort();
  await thirdIsGone;
  second?.abort();
  // The third takes the place of the second, and does not keep it.
  expect(await begun(4)).toEqual(['/1', '/2', '/3', '/4']);
  served[3]?.response.end();
  expect(await begun(5)).toEqual(['/1', '/2', '/3', '/4', '/5']);
});
