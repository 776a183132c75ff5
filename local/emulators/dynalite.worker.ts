import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import dynalite from 'dynalite';
import { CallCounter } from '../gate/call/call-counter.ts';
import { installDynaliteGate } from '../gate/dynamodb/dynalite-gate.ts';
import type { TableFailure } from '../gate/call/gate.ts';
import { Guard, type Principal } from '../iam/guard.ts';
import type { EmulatorOptions } from './emulator-worker.ts';
import { checkTables } from './whole-tables.ts';
import { serveCalls } from './worker-calls.ts';

const { dataDir, region, verbose } = workerData as EmulatorOptions;
if (dataDir !== undefined) await checkTables(dataDir);
const counter = new CallCounter();
const guard = new Guard();
const server = dynalite({
  ...(dataDir !== undefined && { path: dataDir }),
  createTableMs: 0,
  deleteTableMs: 0,
  updateTableMs: 0,
  verbose,
});
const gate = installDynaliteGate(server, { counter, guard, region });

const methods = {
  counts: () => counter.counts(),
  resetCounts: () => counter.reset(),
  enforce: (principals: readonly Principal[]) => guard.enforce(principals),
  rights: () => guard.rights(),
  refusals: () => guard.refusals(),
  countUnits: (on: boolean) => gate.countUnits(on),
  failOperations: (operations: readonly string[], failure?: TableFailure) => gate.failOperations(operations, failure),
  stop: async () => {
    // A request of a cut connection may find the store closed. dynalite throws that error, and no caller waits for it.
    process.on('uncaughtException', () => undefined);
    const closed = Promise.withResolvers<void>();
    server.close((error) => (error ? closed.reject(error) : closed.resolve()));
    server.closeAllConnections();
    await closed.promise;
  },
};
export type DynaliteMethods = typeof methods;

if (!parentPort) throw new Error('dynalite.worker.ts runs as a worker thread. Call startEmulators().');
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
serveCalls(parentPort, { port }, methods);
