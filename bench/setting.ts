import { cpus, release, totalmem, type } from 'node:os';
import type { DeployedStack } from '../local/model.ts';
import { cutRule, fanOutLimits } from '../src/functions/wiring/settings.ts';
import { findFunction } from './project.ts';

/** The machine and the configuration of a measurement. */
export type Setting = Readonly<Record<string, string | number>>;

export const readMachine = (): Setting => ({
  system: `${type()} ${release()}`,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  node: process.version,
});

/** Reads the numbers that tune the flow: those of the deployed stack and those that are built in. */
export function readConfiguration({ functions, mappings }: DeployedStack): Setting {
  const worker = findFunction(functions.values(), 'CreateTaskSubscriber');
  const splitter = findFunction(functions.values(), 'UploadTaskSubscriber');
  const mapping = mappings.find(({ functionLogicalId }) => functionLogicalId === worker.logicalId);
  const { itemsPerBatch, batchesPerSegment } = cutRule(Number(splitter.environment['ROWS_PER_MESSAGE']));
  return {
    'rows of a message': itemsPerBatch,
    'messages of a segment': batchesPerSegment,
    'messages of a send': fanOutLimits.batchesPerSend,
    'sends at once': fanOutLimits.sendsInFlight,
    'messages of an invocation': mapping?.batchSize ?? 0,
    'workers at once': mapping?.maximumConcurrency ?? 0,
    'MB of the splitter': splitter.memoryMb,
    'MB of a worker': worker.memoryMb,
  };
}
