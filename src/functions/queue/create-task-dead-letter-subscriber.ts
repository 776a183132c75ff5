import { batchOfMessage } from '../../aws/index.ts';
import { batchMessage } from '../../contract/index.ts';
import { DeadLetters } from '../../engine/index.ts';
import { openImportJob } from '../runtime/import-job.ts';
import { oneByOne, sqsHandler } from '../runtime/sqs.ts';

const { ports, definition } = openImportJob();
const deadLetters = new DeadLetters(ports, definition);

export const handler = sqsHandler(
  batchMessage,
  oneByOne(({ body }, deadline) => deadLetters.judge(batchOfMessage(body), deadline)),
);
