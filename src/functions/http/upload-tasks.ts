import { readOptions, presignRequest, type ReadOptions, type UploadResponse } from '../../contract/index.ts';
import { presignTaskFile, uploadTaskFile } from '../../tasks/index.ts';
import { httpHandler } from '../runtime/http.ts';
import { readContentType, readJsonBody, type Request } from '../runtime/request.ts';
import { readUpload, requireOwnBytes } from '../runtime/upload.ts';
import { toTolerance } from '../wiring/settings.ts';
import { openUploads } from '../wiring/uploads.ts';

const { tolerance, ...ports } = openUploads();

export const handler = httpHandler('upload-tasks', async (request) => {
  const isPresigned = readContentType(request.event) === 'application/json';
  const body = await (isPresigned ? presign(request) : upload(request));
  return { body, headers: { location: `/task-files/${body.id}` }, ...(isPresigned && { status: 201 }) };
});

type UploadRequest = Request<'upload-tasks'>;

async function upload(request: UploadRequest): Promise<UploadResponse> {
  const { terms: formTerms, ...file } = await readUpload(request.event, request.query.fileName);
  const terms = toTerms(request, { ...formTerms, ...request.query });
  requireOwnBytes(request.event, terms.options ?? {});
  return uploadTaskFile(ports, { ...file, ...terms });
}

function presign(request: UploadRequest): Promise<UploadResponse> {
  const { contentLength, ...asked } = readJsonBody(request.event, presignRequest);
  const fileName = request.query.fileName ?? asked.fileName;
  return presignTaskFile(ports, {
    fileName,
    bytes: contentLength,
    ...toTerms(request, { ...asked, ...request.query }),
  });
}

type Asked = Pick<UploadRequest['query'], 'toleratedFailurePercentage' | 'toleratedFailureCount'> & ReadOptions;

const toTerms = ({ tenant, headers }: UploadRequest, asked: Asked) => {
  const { toleratedFailurePercentage, toleratedFailureCount, ...others } = asked;
  // Parsing puts the options in the order of the schema, so that a repeated request has the same digest.
  const options = readOptions.strip().parse(others);
  return {
    tenant,
    tolerance: toTolerance(
      toleratedFailurePercentage ?? tolerance.failedPercent,
      toleratedFailureCount ?? tolerance.failedCount,
    ),
    ...(Object.keys(options).length > 0 && { options }),
    ...(headers['idempotency-key'] !== undefined && { idempotencyKey: headers['idempotency-key'] }),
  };
};
