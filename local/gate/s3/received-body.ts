import { isFramed, unframe } from './aws-chunked.ts';
import { verifyBody } from './checksums.ts';
import { toOperation, type FauxqsApp, type FauxqsRequest, isS3 } from '../call/fauxqs-call.ts';
import { S3Refusal } from './refusal.ts';

/** The operations whose checksum belongs to the object that they create, not to their body. */
const ABOUT_THE_OBJECT = new Set(['CompleteMultipartUpload', 'CreateMultipartUpload', 'CopyObject', 'UploadPartCopy']);

/** Passes on the bytes without their frames, and only if they match every digest of the request. */
export function receiveBodies(app: FauxqsApp): void {
  app.addHook('preHandler', async (request) => {
    if (!isS3(request) || !Buffer.isBuffer(request.body)) return;
    request.body = await toBody(request, request.body);
  });
}

async function toBody(request: FauxqsRequest, sent: Buffer): Promise<Buffer> {
  const { headers } = request;
  const body = isFramed(headers) ? removeFrames(request, sent) : sent;
  refuseUnclearFrames(headers['content-encoding']);
  if (ABOUT_THE_OBJECT.has(toOperation(request).operation)) await verifyBody(bodyDigests(headers), body);
  else await verifyBody(headers, body);
  return body;
}

/**
 * Removes the frames. fauxqs then finds the trailers among the headers, and only the content encoding that is to be
 * stored.
 */
function removeFrames({ headers }: FauxqsRequest, sent: Buffer): Buffer {
  const { body, trailers } = unframe(sent, headers);
  for (const [name, value] of Object.entries(trailers)) {
    if (name.startsWith('x-amz-checksum-')) headers[name] = value;
  }
  const encodings = (headers['content-encoding'] ?? '').split(',').map((one) => one.trim());
  const others = encodings.filter((one) => one !== '' && one.toLowerCase() !== 'aws-chunked');
  if (others.length > 0) headers['content-encoding'] = others.join(', ');
  else delete headers['content-encoding'];
  return body;
}

function refuseUnclearFrames(encoding: string | undefined): void {
  if (!encoding?.toLowerCase().includes('aws-chunked')) return;
  const message =
    'Content-Encoding is aws-chunked, but x-amz-content-sha256 does not begin with STREAMING-, so it is unclear whether ' +
    'the body has frames. Send both or neither.';
  throw new S3Refusal(400, 'InvalidRequest', message);
}

const bodyDigests = (headers: FauxqsRequest['headers']): FauxqsRequest['headers'] => ({
  'content-md5': headers['content-md5'],
  'x-amz-content-sha256': headers['x-amz-content-sha256'],
});
