import { toBatch } from '../../aws/index.ts';
import { batchMessage } from '../../contract/index.ts';
import { Processor } from '../../engine/index.ts';
import { sqsHandler } from '../runtime/sqs.ts';
import { openImportJob } from '../wiring/import-job.ts';

const { ports, definition } = openImportJob();
const processor = new Processor(ports, definition);

export const handler = sqsHandler(batchMessage, (messages, deadline) =>
  processor.process(
    messages.map(({ messageId, body, receiveCount }) => ({
      messageId,
      batch: toBatch(body),
      isRepeated: receiveCount > 1,
    })),
    deadline,
  ),
);
