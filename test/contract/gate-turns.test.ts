import { EventEmitter, once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Turns } from '../../local/gate/dynamodb/turns.ts';

let server: Server;
let url: string;
let arrived: ServerResponse[];
/** Served, and not answered yet, in the order in which their turns came. */
let served: { readonly path: string; readonly response: ServerResponse }[];
/** Tells of each turn that begins. */
const turn = new EventEmitter();

beforeEach(async () => {
  const turns = new Turns(2);
  arrived = [];
  served = [];
  server = createServer(({ url: path = '' }, response) => {
    arrived.push(response);
    turns.take(() => {
      served.push({ path, response });
      turn.emit('begins');
    }, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Sends requests one after the other, so that their order is known; none is answered yet. */
async function send(...paths: readonly string[]): Promise<readonly AbortController[]> {
  const requests = [];
  for (const path of paths) {
    const request = new AbortController();
    const arrival = once(server, 'request');
    // What comes of it is looked at in the server.
    void fetch(`${url}${path}`, { signal: request.signal }).catch(() => undefined);
    await arrival;
    requests.push(request);
  }
  return requests;
}

/** The paths of those that have had their turn, once there are so many. */
async function turnsOf(count: number): Promise<readonly string[]> {
  while (served.length < count) await once(turn, 'begins');
  return served.map(({ path }) => path);
}

it('two requests are served at once, the next when one is answered, in their order', async () => {
  await send('/1', '/2', '/3', '/4');
  expect(await turnsOf(2)).toEqual(['/1', '/2']);
  served[1]?.response.end();
  expect(await turnsOf(3)).toEqual(['/1', '/2', '/3']);
  served[0]?.response.end();
  served[2]?.response.end();
  expect(await turnsOf(4)).toEqual(['/1', '/2', '/3', '/4']);
});

it('whoever goes away gives its turn to the next, and is served if it had none yet', async () => {
  const [, second, third] = await send('/1', '/2', '/3', '/4', '/5');
  const thirdIsGone = once(arrived[2]!, 'close');
  third?.abort();
  await thirdIsGone;
  second?.abort();
  // The turn of the second goes to the third, which does not keep it.
  expect(await turnsOf(4)).toEqual(['/1', '/2', '/3', '/4']);
  served[3]?.response.end();
  expect(await turnsOf(5)).toEqual(['/1', '/2', '/3', '/4', '/5']);
});
