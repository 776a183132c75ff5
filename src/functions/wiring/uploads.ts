import {
  DynamoContents,
  httpDocumentClient,
  httpS3Client,
  presigningS3Client,
  S3PresignedUploads,
  S3Reports,
  S3Uploads,
} from '../../aws/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { readFileDefaults } from './file-defaults.ts';
import { systemIds as ids } from './settings.ts';
import { openTaskFiles } from './task-files.ts';

/** Opens what stores new files, and presigns the uploads of others. */
export function openUploads() {
  const env = readEnvironment('TASK_FILES_TABLE_NAME', 'UPLOADS_BUCKET_NAME');
  const dynamo = httpDocumentClient();
  return {
    ...openTaskFiles(dynamo),
    ...readFileDefaults(),
    uploads: new S3Uploads(httpS3Client(), env.UPLOADS_BUCKET_NAME),
    contents: new DynamoContents(dynamo, env.TASK_FILES_TABLE_NAME),
    presigned: openPresignedUploads(),
    ids,
  };
}

/** Opens the presigned uploads. `assembles`: the function completes uploads in parts, for which S3 needs more time. */
export function openPresignedUploads({ assembles = false } = {}) {
  const { UPLOADS_BUCKET_NAME } = readEnvironment('UPLOADS_BUCKET_NAME');
  return new S3PresignedUploads(presigningS3Client({ assembles }), UPLOADS_BUCKET_NAME);
}

/** Opens the stored reports, to link to them. */
export function openReportLinks() {
  const { UPLOADS_BUCKET_NAME } = readEnvironment('UPLOADS_BUCKET_NAME');
  return new S3Reports(httpS3Client(), UPLOADS_BUCKET_NAME);
}
