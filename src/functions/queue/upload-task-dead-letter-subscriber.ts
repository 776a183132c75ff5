import { uploadMessage } from '../../contract/index.ts';
import { FanOutDeadLetters, jobOfObject } from '../../engine/index.ts';
import { readCreatedObjects } from '../runtime/s3-event.ts';
import { handleEach, sqsHandler } from '../runtime/sqs.ts';
import { limitTime, endEarlier } from '../runtime/time-limit.ts';
import { openSplitter } from '../wiring/splitter.ts';
import { openTries } from '../wiring/tries.ts';

/** Leaves time to take the note of a try back (`src/engine/process/noted-tries.ts`). */
const AFTER_SPLITTING_MILLISECONDS = 10_000;

const { ports, fanOut, rules } = openSplitter();
const deadLetters = new FanOutDeadLetters(
  { ...ports, tries: openTries() },
  {
    resume(continuation, deadline, isRepeated) {
      const end = endEarlier(deadline, AFTER_SPLITTING_MILLISECONDS);
      return limitTime(end.remainingMilliseconds(), fanOut.resume(continuation, end, isRepeated));
    },
  },
);

export const handler = sqsHandler(
  uploadMessage,
  handleEach(async ({ body }, deadline) => {
    if ('continue' in body) return deadLetters.handle(body.continue, deadline);
    for (const object of readCreatedObjects(body)) {
      // S3 sent the event before the splitter read anything.
      const { tenant, jobId } = await jobOfObject(rules, object);
      await deadLetters.handle({ kind: 'split', tenant, jobId, nextBatch: 0, attempt: 0 }, deadline);
    }
  }),
);
