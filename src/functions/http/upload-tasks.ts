import { documentClient, DynamoJobs, DynamoLedger, s3Client, S3Uploads } from '../../aws/index.ts';
import { uploadTaskFile } from '../../tasks/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { httpHandler } from '../runtime/http.ts';
import {
  cutRule,
  RECEIVE_VARIABLES,
  systemClock as clock,
  systemIds as ids,
  toleranceOf,
} from '../runtime/settings.ts';
import { readUpload } from '../runtime/upload.ts';

const env = readEnvironment('TASK_FILES_TABLE_NAME', 'UPLOADS_BUCKET_NAME', ...RECEIVE_VARIABLES);
const dynamo = documentClient();
const jobs = new DynamoJobs(dynamo, env.TASK_FILES_TABLE_NAME);
const ledger = new DynamoLedger(dynamo, env.TASK_FILES_TABLE_NAME);
const uploads = new S3Uploads(s3Client(), env.UPLOADS_BUCKET_NAME);
const cut = cutRule(env.ROWS_PER_MESSAGE);

export const handler = httpHandler('upload-tasks', async ({ tenant, query, headers, event }) => {
  const file = await readUpload(event, query.fileName);
  const idempotencyKey = headers['idempotency-key'];
  const tolerance = toleranceOf(
    query.toleratedFailurePercentage ?? env.TOLERATED_FAILURE_PERCENTAGE,
    query.toleratedFailureCount ?? env.TOLERATED_FAILURE_COUNT,
  );
  const upload = { tenant, ...file, tolerance, ...(idempotencyKey !== undefined && { idempotencyKey }) };
  const taskFile = await uploadTaskFile({ jobs, ledger, uploads, clock, ids, cut }, upload);
  return { body: taskFile, headers: { location: `/task-files/${taskFile.id}` } };
});
