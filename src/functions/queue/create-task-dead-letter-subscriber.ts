import { toBatch } from '../../aws/index.ts';
import { batchMessage } from '../../contract/index.ts';
import { DeadLetters } from '../../engine/index.ts';
import { oneByOne, sqsHandler } from '../runtime/sqs.ts';
import { finishedWithin } from '../runtime/time-limit.ts';
import { openImportJob } from '../wiring/import-job.ts';

/** Leaves the time to take the try back (`src/engine/process/noted-tries.ts`). */
const EFFECT_MILLISECONDS = 10_000;

const { ports, definition } = openImportJob();
const deadLetters = new DeadLetters(ports, {
  ...definition,
  apply: (run, rows) => finishedWithin(EFFECT_MILLISECONDS, definition.apply(run, rows)),
});

export const handler = sqsHandler(
  batchMessage,
  oneByOne(({ body }, deadline) => deadLetters.judge(toBatch(body), deadline)),
);
