import {
  httpDocumentClient,
  DynamoContents,
  DynamoJobs,
  DynamoLedger,
  presigningS3Client,
  httpS3Client,
  S3PresignedUploads,
  S3Uploads,
} from '../../aws/index.ts';
import { readOptions, presignRequest, type ReadOptions, type UploadResponse } from '../../contract/index.ts';
import { presignTaskFile, uploadTaskFile } from '../../tasks/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { httpHandler } from '../runtime/http.ts';
import { cutRule, RECEIVE_VARIABLES, systemClock as clock, systemIds as ids, toleranceOf } from '../wiring/settings.ts';
import { contentType, jsonBody, type Request } from '../runtime/request.ts';
import { readUpload, requireOwnBytes } from '../runtime/upload.ts';

const env = readEnvironment('TASK_FILES_TABLE_NAME', 'UPLOADS_BUCKET_NAME', ...RECEIVE_VARIABLES);
const dynamo = httpDocumentClient();
const jobs = new DynamoJobs(dynamo, env.TASK_FILES_TABLE_NAME);
const ledger = new DynamoLedger(dynamo, env.TASK_FILES_TABLE_NAME);
const uploads = new S3Uploads(httpS3Client(), env.UPLOADS_BUCKET_NAME);
const presigned = new S3PresignedUploads(presigningS3Client(), env.UPLOADS_BUCKET_NAME);
const cut = cutRule(env.ROWS_PER_MESSAGE);

const contents = new DynamoContents(dynamo, env.TASK_FILES_TABLE_NAME);

const ports = { jobs, ledger, uploads, contents, presigned, clock, ids, cut };

export const handler = httpHandler('upload-tasks', async (request) => {
  const isPromise = contentType(request.event) === 'application/json';
  const body = await (isPromise ? promise(request) : upload(request));
  return { body, headers: { location: `/task-files/${body.id}` }, ...(isPromise && { status: 201 }) };
});

type UploadRequest = Request<'upload-tasks'>;

async function upload(request: UploadRequest): Promise<UploadResponse> {
  const { terms: ofForm, ...file } = await readUpload(request.event, request.query.fileName);
  const terms = termsOf(request, { ...ofForm, ...request.query });
  requireOwnBytes(request.event, terms.options ?? {});
  return uploadTaskFile(ports, { ...file, ...terms });
}

function promise(request: UploadRequest): Promise<UploadResponse> {
  const { contentLength, ...asked } = jsonBody(request.event, presignRequest);
  const fileName = request.query.fileName ?? asked.fileName;
  return presignTaskFile(ports, {
    fileName,
    bytes: contentLength,
    ...termsOf(request, { ...asked, ...request.query }),
  });
}

type Asked = Pick<UploadRequest['query'], 'toleratedFailurePercentage' | 'toleratedFailureCount'> & ReadOptions;

const termsOf = ({ tenant, headers }: UploadRequest, asked: Asked) => {
  const { toleratedFailurePercentage, toleratedFailureCount, ...others } = asked;
  // In the order of the schema, however they came: a repeated request has the same digest.
  const options = readOptions.strip().parse(others);
  return {
    tenant,
    tolerance: toleranceOf(
      toleratedFailurePercentage ?? env.TOLERATED_FAILURE_PERCENTAGE,
      toleratedFailureCount ?? env.TOLERATED_FAILURE_COUNT,
    ),
    ...(Object.keys(options).length > 0 && { options }),
    ...(headers['idempotency-key'] !== undefined && { idempotencyKey: headers['idempotency-key'] }),
  };
};
