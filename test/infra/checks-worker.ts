/** Synthesizes in a plain Node worker, which loads and runs the CDK's rules several times as fast as in Jest's VM. */
import { parentPort, workerData } from 'node:worker_threads';
import { synthesize } from './synthesize.ts';

parentPort?.postMessage(synthesize(workerData, { checked: true }).report);
