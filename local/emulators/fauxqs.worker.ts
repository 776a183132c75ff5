import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { leaveBytesOnDisk } from '../gate/s3/bytes-on-disk.ts';
import { CallCounter } from '../gate/call/call-counter.ts';
import type { FauxqsApp } from '../gate/call/fauxqs-call.ts';
import { installFauxqsGate } from '../gate/fauxqs-gate.ts';
import type { NotificationRule } from '../gate/call/gate.ts';
import { ObjectNotifications } from '../gate/s3/events/object-notifications.ts';
import { watchObjectStore } from '../gate/s3/object-store.ts';
import { PostponedMessages } from '../gate/sqs/postponed-messages.ts';
import { Guard, type Principal } from '../iam/guard.ts';
import { slowQueuePolling } from './queue-polling.ts';
import { sortByCodeUnits } from './code-unit-order.ts';
import type { EmulatorOptions } from './emulator-worker.ts';
import { moveToSafePaths, useSafePaths } from './safe-paths.ts';
import { releaseOrphanedMessages } from './orphaned-messages.ts';
import { removeTornFiles } from './torn-files.ts';
import { commitWithoutSync } from './unsynced-commits.ts';
import { finishObjects, writeObjectsWhole } from './whole-objects.ts';
import { serveCalls } from './worker-calls.ts';

const options = workerData as EmulatorOptions;
const counter = new CallCounter();
const guard = new Guard();
const origins = new Set<string>();
commitWithoutSync();
sortByCodeUnits();
await slowQueuePolling();
const server = await start();

const methods = {
  counts: () => counter.counts(),
  resetCounts: () => counter.reset(),
  enforce: (principals: readonly Principal[]) => guard.enforce(principals),
  rights: () => guard.rights(),
  refusals: () => guard.refusals(),
  allowOrigins: (allowed: readonly string[]) => allowed.forEach((origin) => origins.add(origin)),
  notifyOfObjects: (bucket: string, rules: readonly NotificationRule[]) => server.notifications.set(bucket, rules),
  hurryPostponed: (times: number) => server.postponed.hurry(times),
  stop: () => server.fauxqs.stop(),
};
export type FauxqsMethods = typeof methods;

if (!parentPort) throw new Error('fauxqs.worker.ts runs as a worker thread. Call startEmulators().');
serveCalls(parentPort, { port: server.fauxqs.port }, methods);

interface Started {
  readonly fauxqs: FauxqsServer;
  readonly notifications: ObjectNotifications;
  readonly postponed: PostponedMessages;
}

async function start(): Promise<Started> {
  const { dataDir, region, verbose } = options;
  const objectsDir = dataDir === undefined ? undefined : join(dataDir, 'objects');
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true });
  if (objectsDir !== undefined) await keepObjectsWhole(objectsDir);
  if (dataDir !== undefined) releaseOrphanedMessages(dataDir, reportDamage);
  const notifications = new ObjectNotifications({
    region,
    file: dataDir === undefined ? undefined : join(dataDir, 'notifications.json'),
    send: (queueName, body) => fauxqs.sendMessage(queueName, body, { region }),
  });
  const store = await watchObjectStore();
  const postponed = new PostponedMessages();
  const gate = ({ fastify }: { fastify: FauxqsApp }): void =>
    installFauxqsGate(fastify, {
      counter,
      guard,
      region,
      notifications,
      postponed,
      store,
      origins,
      onDisk: dataDir !== undefined,
    });
  const fauxqs = await startBehind(gate as (message: unknown) => void, () =>
    startFauxqs({
      port: 0,
      defaultRegion: region,
      logger: verbose,
      ...(dataDir !== undefined && objectsDir !== undefined && { dataDir, s3StorageDir: objectsDir }),
    }),
  );
  return { fauxqs, notifications, postponed };
}

/** Reports damage to the user at the terminal. */
function reportDamage(message: string): void {
  console.error(message);
}

/** Makes sure that the objects on disk are complete, and that new ones are written completely and stay on disk. */
async function keepObjectsWhole(objectsDir: string): Promise<void> {
  finishObjects(objectsDir);
  moveToSafePaths(objectsDir);
  removeTornFiles(objectsDir, reportDamage);
  await useSafePaths();
  await writeObjectsWhole();
  await leaveBytesOnDisk();
}

/**
 * Runs the start of fauxqs with the gate in front. fauxqs does not return its Fastify instance; Fastify publishes each
 * one on this channel before routes are added to it.
 */
async function startBehind<T>(gate: (message: unknown) => void, run: () => Promise<T>): Promise<T> {
  subscribe('fastify.initialization', gate);
  const running = run();
  unsubscribe('fastify.initialization', gate);
  return await running;
}
