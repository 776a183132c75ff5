import { isFramed, unframed } from './aws-chunked.ts';
import { verifyBody } from './checksums.ts';
import { calledOperation, type FauxqsApp, type FauxqsRequest, isS3 } from '../call/fauxqs-call.ts';
import { S3Refusal } from './refusal.ts';

/** Their checksum is that of the object which they make, not of their body. */
const ABOUT_THE_OBJECT = new Set(['CompleteMultipartUpload', 'CreateMultipartUpload', 'CopyObject', 'UploadPartCopy']);

/** Hands on the bytes that a client meant: out of their frames, and only if every digest that came along is theirs. */
export function receiveBodies(app: FauxqsApp): void {
  app.addHook('preHandler', async (request) => {
    if (!isS3(request) || !Buffer.isBuffer(request.body)) return;
    request.body = await received(request, request.body);
  });
}

async function received(request: FauxqsRequest, sent: Buffer): Promise<Buffer> {
  const { headers } = request;
  const body = isFramed(headers) ? takeOutOfFrames(request, sent) : sent;
  refuseUnclearFrames(headers['content-encoding']);
  if (ABOUT_THE_OBJECT.has(calledOperation(request).operation)) await verifyBody(digestsOfTheBody(headers), body);
  else await verifyBody(headers, body);
  return body;
}

/** fauxqs finds the trailers among the headers, and of the content encoding what is left to store. */
function takeOutOfFrames({ headers }: FauxqsRequest, sent: Buffer): Buffer {
  const { body, trailers } = unframed(sent, headers);
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
    'Content-Encoding is aws-chunked, but x-amz-content-sha256 does not begin with STREAMING-, so it is not clear whether ' +
    'the body comes in frames. Send both or neither.';
  throw new S3Refusal(400, 'InvalidRequest', message);
}

const digestsOfTheBody = (headers: FauxqsRequest['headers']): FauxqsRequest['headers'] => ({
  'content-md5': headers['content-md5'],
  'x-amz-content-sha256': headers['x-amz-content-sha256'],
});
