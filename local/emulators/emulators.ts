import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Gate } from '../gate/call/gate.ts';
import { addRights } from '../iam/guard.ts';
import type { Endpoints } from '../model.ts';
import { DEFAULT_REGION } from '../account.ts';
import type { DynaliteMethods } from './dynalite.worker.ts';
import { type EmulatorOptions, EmulatorWorker } from './emulator-worker.ts';
import type { FauxqsMethods } from './fauxqs.worker.ts';
import type { WorkerCalls } from './worker-calls.ts';

export interface EmulatorsOptions {
  /**
   * The folder that keeps the state of all services. Without it all state is in memory and is gone at the end. The
   * caller holds the lock of the folder: no other process may use it at the same time.
   */
  readonly dataDir?: string | undefined;
  readonly region?: string;
  readonly verbose?: boolean;
}

export interface Emulators {
  readonly endpoints: Endpoints;
  readonly region: string;
  readonly gate: Gate;
  /** Resolves with the reason if an emulator ends by itself; the stack cannot continue then. */
  readonly failed: Promise<Error>;
  /** Closes every server and store and frees the ports, even if connections are open. */
  stop(): Promise<void>;
}

/** Starts S3, SQS, SNS (fauxqs) and DynamoDB (dynalite) behind the gate, on free ports of 127.0.0.1. */
export async function startEmulators(options: EmulatorsOptions = {}): Promise<Emulators> {
  const { dataDir, region = DEFAULT_REGION, verbose = false } = options;
  if (dataDir !== undefined) await mkdir(dataDir, { recursive: true });
  const settings = (folder: string): EmulatorOptions => ({
    dataDir: dataDir === undefined ? undefined : join(dataDir, folder),
    region,
    verbose,
  });
  const [fauxqs, dynalite] = await startBoth(
    EmulatorWorker.start<FauxqsMethods>(new URL('./fauxqs.worker.ts', import.meta.url), settings('aws')),
    EmulatorWorker.start<DynaliteMethods>(new URL('./dynalite.worker.ts', import.meta.url), settings('dynamodb')),
  );
  return emulators(fauxqs, dynalite, region);
}

/** Starts both workers or neither: if one fails, the other is stopped. */
async function startBoth<A extends { stop(): Promise<void> }, B extends { stop(): Promise<void> }>(
  ...starting: [Promise<A>, Promise<B>]
): Promise<[A, B]> {
  const [one, other] = await Promise.allSettled(starting);
  if (one.status === 'fulfilled' && other.status === 'fulfilled') return [one.value, other.value];
  if (one.status === 'fulfilled') await one.value.stop();
  if (other.status === 'fulfilled') await other.value.stop();
  return await Promise.all(starting);
}

function emulators(
  fauxqs: EmulatorWorker<FauxqsMethods>,
  dynalite: EmulatorWorker<DynaliteMethods>,
  region: string,
): Emulators {
  const url = (port: number): string => `http://127.0.0.1:${port}`;
  return {
    endpoints: { s3: url(fauxqs.port), sqs: url(fauxqs.port), sns: url(fauxqs.port), dynamodb: url(dynalite.port) },
    region,
    gate: toGate(fauxqs.calls, dynalite.calls),
    failed: Promise.race([fauxqs.failed, dynalite.failed]),
    stop: async () => {
      await Promise.all([fauxqs.stop(), dynalite.stop()]);
    },
  };
}

function toGate(fauxqs: WorkerCalls<FauxqsMethods>, dynalite: WorkerCalls<DynaliteMethods>): Gate {
  return {
    counts: async () => (await Promise.all([fauxqs.call('counts'), dynalite.call('counts')])).flat(),
    resetCounts: async () => {
      await Promise.all([fauxqs.call('resetCounts'), dynalite.call('resetCounts')]);
    },
    countUnits: (on) => dynalite.call('countUnits', on),
    failTableOperations: (operations, failure) => dynalite.call('failOperations', operations, failure),
    hurryPostponed: (times) => fauxqs.call('hurryPostponed', times),
    enforce: async (principals) => {
      await Promise.all([fauxqs.call('enforce', principals), dynalite.call('enforce', principals)]);
    },
    rights: async () => addRights(...(await Promise.all([fauxqs.call('rights'), dynalite.call('rights')]))),
    refusals: async () => (await Promise.all([fauxqs.call('refusals'), dynalite.call('refusals')])).flat(),
    allowOrigins: (origins) => fauxqs.call('allowOrigins', origins),
    notifyOfObjects: (bucket, rules) => fauxqs.call('notifyOfObjects', bucket, rules),
  };
}
