import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Turns } from '../../local/gate/turns.ts';
import { until } from '../e2e/support/until.ts';

let server: Server;
let url: string;
/** Served, and not answered yet, in the order in which their turns came. */
let served: { readonly path: string; readonly response: ServerResponse }[];
let arrived: ServerResponse[];

beforeEach(async () => {
  const turns = new Turns(2);
  served = [];
  arrived = [];
  server = createServer(({ url: path = '' }, response) => {
    turns.take(() => served.push({ path, response }), response);
    arrived.push(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Sends requests one after the other, so that their order is known; none is answered yet. */
async function send(...paths: readonly string[]): Promise<(AbortController & { path: string })[]> {
  const requests = [];
  for (const path of paths) {
    const request = Object.assign(new AbortController(), { path });
    // What comes of it is looked at in the server.
    void fetch(`${url}${path}`, { signal: request.signal }).catch(() => undefined);
    await arrivals(arrived.length + 1);
    requests.push(request);
  }
  return requests;
}
const arrivals = (count: number): Promise<number> =>
  until(
    `request ${count}`,
    async () => arrived.length,
    (all) => all >= count,
  );
const turnsOf = (paths: readonly string[]) =>
  until(
    `turns of ${paths.join(' ')}`,
    async () => served.map(({ path }) => path),
    (all) => all.length >= paths.length,
  );

it('two requests are served at once, the next when one is answered, in their order', async () => {
  await send('/1', '/2', '/3', '/4');
  expect(served.map(({ path }) => path)).toEqual(['/1', '/2']);
  served[1]?.response.end();
  expect(await turnsOf(['/1', '/2', '/3'])).toEqual(['/1', '/2', '/3']);
  served[0]?.response.end();
  served[2]?.response.end();
  expect(await turnsOf(['/1', '/2', '/3', '/4'])).toEqual(['/1', '/2', '/3', '/4']);
});

it('whoever goes away gives its turn to the next, and is served if it had none yet', async () => {
  const [, second, third] = await send('/1', '/2', '/3', '/4', '/5');
  third?.abort();
  await until(
    'the end of the third',
    async () => arrived[2]?.closed,
    (isClosed) => isClosed === true,
  );
  second?.abort();
  // The turn of the second goes to the third, which does not keep it.
  expect(await turnsOf(['/1', '/2', '/3', '/4'])).toEqual(['/1', '/2', '/3', '/4']);
  served[3]?.response.end();
  expect(await turnsOf(['/1', '/2', '/3', '/4', '/5'])).toEqual(['/1', '/2', '/3', '/4', '/5']);
});
