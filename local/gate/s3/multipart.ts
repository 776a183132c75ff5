import { CHECKSUM_NAMES, type Checksum, statedChecksum, verifyChecksum, verifyComposite } from './checksums.ts';
import { calledOperation, type FauxqsApp, type FauxqsRequest, isS3, s3Request } from '../call/fauxqs-call.ts';
import type { MultipartUpload, ObjectStore, StoredPart } from './object-store.ts';
import { S3Refusal } from './refusal.ts';
import { malformed, requestXml, type Xml } from './xml.ts';

const PART_NUMBER_MAX = 10_000;

/** A part as the list of parts names it. */
interface NamedPart {
  readonly partNumber: number;
  /** Without quotes. */
  readonly etag: string;
  readonly checksums: readonly Checksum[];
}

/** What S3 checks of uploads in parts, and fauxqs does not. */
export function checkMultipartUploads(app: FauxqsApp, store: () => ObjectStore | undefined): void {
  app.addHook('preHandler', async (request) => {
    if (!isS3(request)) return;
    const { operation } = calledOperation(request);
    if (operation === 'CreateMultipartUpload') return leaveOutFullChecksum(request);
    const { query } = s3Request(request);
    if (operation.startsWith('UploadPart')) requirePartNumber(query['partNumber']);
    if (!('uploadId' in query)) return;
    const upload = uploadOf(store(), request);
    if (operation === 'CompleteMultipartUpload') request.body = await completion(upload, request);
  });
}

/**
 * fauxqs makes a composite checksum of every upload that has one; one of the whole object is verified here, and not
 * kept.
 */
function leaveOutFullChecksum({ headers }: FauxqsRequest): void {
  if (headers['x-amz-checksum-type'] === 'FULL_OBJECT') delete headers['x-amz-checksum-algorithm'];
}

function requirePartNumber(given: unknown): void {
  const number = Number(given);
  if (Number.isInteger(number) && number >= 1 && number <= PART_NUMBER_MAX) return;
  const message = `Part number must be an integer between 1 and ${PART_NUMBER_MAX}, inclusive; it is ${String(given)}.`;
  throw new S3Refusal(400, 'InvalidArgument', message);
}

/** @throws S3Refusal `NoSuchUpload`, also for an upload of another object */
export function uploadOf(store: ObjectStore | undefined, request: FauxqsRequest): MultipartUpload {
  const { bucket, key, query } = s3Request(request);
  const upload = store?.multipartUploads.get(String(query['uploadId']));
  if (upload?.bucket === bucket && upload.key === key) return upload;
  throw new S3Refusal(404, 'NoSuchUpload', 'The upload does not exist for this key; it was completed or aborted.');
}

/** The list of parts as fauxqs reads it, once everything that it states is found true. */
async function completion(upload: MultipartUpload, { body, headers }: FauxqsRequest): Promise<Buffer> {
  const named = namedParts(body as Buffer);
  const parts = named.map((part) => storedPart(upload, part));
  for (const [at, { checksums }] of named.entries()) {
    for (const checksum of checksums) await verifyChecksum(checksum, bytesOf(parts.slice(at, at + 1)));
  }
  verifySize(parts, headers['x-amz-mp-object-size']);
  await verifyObject(parts, headers);
  const elements = named.map(
    ({ partNumber, etag }) => `<Part><PartNumber>${partNumber}</PartNumber><ETag>${etag}</ETag></Part>`,
  );
  return Buffer.from(`<CompleteMultipartUpload>${elements.join('')}</CompleteMultipartUpload>`);
}

function namedParts(body: Buffer): readonly NamedPart[] {
  const parts = requestXml(body, 'CompleteMultipartUpload').all('Part').map(namedPart);
  if (parts.length === 0) throw malformed('it names no part');
  return parts;
}

function namedPart(part: Xml): NamedPart {
  const partNumber = part.textOf('PartNumber')?.trim();
  const etag = part.textOf('ETag')?.trim().replaceAll('"', '');
  if (partNumber === undefined || etag === undefined) throw malformed('a Part has no PartNumber or no ETag');
  requirePartNumber(partNumber);
  const checksums = CHECKSUM_NAMES.flatMap((name) => {
    const value = part.textOf(`Checksum${name.toUpperCase()}`)?.trim();
    return value === undefined ? [] : [{ name, value }];
  });
  return { partNumber: Number(partNumber), etag, checksums };
}

function storedPart({ parts }: MultipartUpload, { partNumber, etag }: NamedPart): StoredPart {
  const part = parts.get(partNumber);
  if (part?.etag.replaceAll('"', '') === etag) return part;
  const message = `Part ${partNumber} with the ETag ${etag} was not uploaded; ${
    part ? `the ETag of part ${partNumber} is ${part.etag}` : `there is no part ${partNumber}`
  }.`;
  throw new S3Refusal(400, 'InvalidPart', message);
}

/** Read only when it is asked for: a part lies on the disk. */
const bytesOf = (parts: readonly StoredPart[]): readonly Buffer[] => parts.map(({ body }) => body);

export const sizeOf = (part: StoredPart): number => part.size ?? part.body.length;

function verifySize(parts: readonly StoredPart[], stated: string | string[] | undefined): void {
  const size = parts.reduce((sum, part) => sum + sizeOf(part), 0);
  if (stated === undefined || Number(stated) === size) return;
  const message = `x-amz-mp-object-size is ${String(stated)}, and the parts have ${size} bytes.`;
  throw new S3Refusal(400, 'InvalidRequest', message);
}

async function verifyObject(parts: readonly StoredPart[], headers: FauxqsRequest['headers']): Promise<void> {
  const stated = statedChecksum(headers);
  if (!stated) return;
  const isComposite = headers['x-amz-checksum-type'] === 'COMPOSITE' || stated.value.includes('-');
  await (isComposite ? verifyComposite : verifyChecksum)(stated, bytesOf(parts));
}
