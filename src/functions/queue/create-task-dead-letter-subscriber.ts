import { toBatch } from '../../aws/index.ts';
import { batchMessage } from '../../contract/index.ts';
import { DeadLetters } from '../../engine/index.ts';
import { handleEach, sqsHandler } from '../runtime/sqs.ts';
import { limitTime } from '../runtime/time-limit.ts';
import { openImportJob } from '../wiring/import-job.ts';

/** Leaves time to take the note of a try back (`src/engine/process/noted-tries.ts`). */
const EFFECT_MILLISECONDS = 10_000;

const { ports, definition } = openImportJob();
const deadLetters = new DeadLetters(ports, {
  ...definition,
  apply: (run, rows) => limitTime(EFFECT_MILLISECONDS, definition.apply(run, rows)),
});

export const handler = sqsHandler(
  batchMessage,
  handleEach(({ body }, deadline) => deadLetters.process(toBatch(body), deadline)),
);
