import { uploadMessage } from '../../contract/index.ts';
import { jobOfObject } from '../../engine/index.ts';
import { log } from '../runtime/log.ts';
import { readCreatedObjects } from '../runtime/s3-event.ts';
import { handleEach, sqsHandler } from '../runtime/sqs.ts';
import { openSplitter } from '../wiring/splitter.ts';

const { fanOut, rules } = openSplitter();

export const handler = sqsHandler(
  uploadMessage,
  handleEach(async ({ body: message, receiveCount }, deadline) => {
    if ('continue' in message) return fanOut.resume(message.continue, deadline, receiveCount > 1);
    for (const object of readCreatedObjects(message)) {
      const job = await jobOfObject(rules, object);
      log.info('upload_received', { tenant: job.tenant, taskFileId: job.jobId, bytes: object.bytes });
      await fanOut.run(job, deadline);
    }
  }),
);
