import { uploadMessage } from '../../contract/index.ts';
import { FanOutDeadLetters, jobOfObject } from '../../engine/index.ts';
import { briefDocumentClient, DynamoTries } from '../../aws/index.ts';
import { openSplitter } from '../wiring/splitter.ts';
import { createdObjects } from '../runtime/s3-event.ts';
import { oneByOne, sqsHandler } from '../runtime/sqs.ts';
import { finishedWithin, earlier } from '../runtime/time-limit.ts';

/** Leaves the time to take the try back (`src/engine/process/noted-tries.ts`). */
const AFTER_SPLITTING_MILLISECONDS = 10_000;

const { ports, fanOut, rules, env } = openSplitter();
const tries = new DynamoTries(briefDocumentClient(), env.TASK_FILES_TABLE_NAME);
const deadLetters = new FanOutDeadLetters(
  { ...ports, tries },
  {
    resume(continuation, deadline, isRepeated) {
      const end = earlier(deadline, AFTER_SPLITTING_MILLISECONDS);
      return finishedWithin(end.remainingMilliseconds(), fanOut.resume(continuation, end, isRepeated));
    },
  },
);

export const handler = sqsHandler(
  uploadMessage,
  oneByOne(async ({ body }, deadline) => {
    if ('continue' in body) return deadLetters.handle(body.continue, deadline);
    for (const object of createdObjects(body)) {
      // An event was sent before anything was read.
      const { tenant, jobId } = await jobOfObject(rules, object);
      await deadLetters.handle({ kind: 'split', tenant, jobId, nextBatch: 0, attempt: 0 }, deadline);
    }
  }),
);
