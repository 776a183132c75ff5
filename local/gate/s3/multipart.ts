import { CHECKSUM_NAMES, type Checksum, readChecksum, verifyChecksum, verifyComposite } from './checksums.ts';
import { toOperation, type FauxqsApp, type FauxqsRequest, isS3, toS3Request } from '../call/fauxqs-call.ts';
import type { MultipartUpload, ObjectStore, StoredPart } from './object-store.ts';
import { S3Refusal } from './refusal.ts';
import { malformed, readXml, type Xml } from './xml.ts';

const PART_NUMBER_MAX = 10_000;

/** A part as the request to complete an upload names it. */
interface NamedPart {
  readonly partNumber: number;
  /** The ETag without quotes. */
  readonly etag: string;
  readonly checksums: readonly Checksum[];
}

/** Checks what S3 checks of multipart uploads and fauxqs does not. */
export function checkMultipartUploads(app: FauxqsApp, store: () => ObjectStore | undefined): void {
  app.addHook('preHandler', async (request) => {
    if (!isS3(request)) return;
    const { operation } = toOperation(request);
    if (operation === 'CreateMultipartUpload') return removeFullChecksum(request);
    const { query } = toS3Request(request);
    if (operation.startsWith('UploadPart')) requirePartNumber(query['partNumber']);
    if (!('uploadId' in query)) return;
    const upload = findUpload(store(), request);
    if (operation === 'CompleteMultipartUpload') request.body = await checkCompletion(upload, request);
  });
}

/**
 * Removes the header that makes fauxqs store a composite checksum. A checksum of the whole object is verified here and
 * not stored.
 */
function removeFullChecksum({ headers }: FauxqsRequest): void {
  if (headers['x-amz-checksum-type'] === 'FULL_OBJECT') delete headers['x-amz-checksum-algorithm'];
}

function requirePartNumber(given: unknown): void {
  const number = Number(given);
  if (Number.isInteger(number) && number >= 1 && number <= PART_NUMBER_MAX) return;
  const message = `Part number must be an integer between 1 and ${PART_NUMBER_MAX}, inclusive; it is ${String(given)}.`;
  throw new S3Refusal(400, 'InvalidArgument', message);
}

/** @throws S3Refusal `NoSuchUpload`, also if the upload belongs to another object */
export function findUpload(store: ObjectStore | undefined, request: FauxqsRequest): MultipartUpload {
  const { bucket, key, query } = toS3Request(request);
  const upload = store?.multipartUploads.get(String(query['uploadId']));
  if (upload?.bucket === bucket && upload.key === key) return upload;
  throw new S3Refusal(404, 'NoSuchUpload', 'This key has no such upload. It may have been completed or aborted.');
}

/** Verifies everything that the request states, and returns the list of parts in the form that fauxqs reads. */
async function checkCompletion(upload: MultipartUpload, { body, headers }: FauxqsRequest): Promise<Buffer> {
  const named = readNamedParts(body as Buffer);
  const parts = named.map((part) => findStoredPart(upload, part));
  for (const [at, { checksums }] of named.entries()) {
    for (const checksum of checksums) await verifyChecksum(checksum, readBytes(parts.slice(at, at + 1)));
  }
  verifySize(parts, headers['x-amz-mp-object-size']);
  await verifyObject(parts, headers);
  const elements = named.map(
    ({ partNumber, etag }) => `<Part><PartNumber>${partNumber}</PartNumber><ETag>${etag}</ETag></Part>`,
  );
  return Buffer.from(`<CompleteMultipartUpload>${elements.join('')}</CompleteMultipartUpload>`);
}

function readNamedParts(body: Buffer): readonly NamedPart[] {
  const parts = readXml(body, 'CompleteMultipartUpload').all('Part').map(readNamedPart);
  if (parts.length === 0) throw malformed('it names no part');
  return parts;
}

function readNamedPart(part: Xml): NamedPart {
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

function findStoredPart({ parts }: MultipartUpload, { partNumber, etag }: NamedPart): StoredPart {
  const part = parts.get(partNumber);
  if (part?.etag.replaceAll('"', '') === etag) return part;
  const message = `Part ${partNumber} with the ETag ${etag} was not uploaded; ${
    part ? `the ETag of part ${partNumber} is ${part.etag}` : `there is no part ${partNumber}`
  }.`;
  throw new S3Refusal(400, 'InvalidPart', message);
}

/** Reads the bytes only when they are needed: a part is on the disk. */
const readBytes = (parts: readonly StoredPart[]): readonly Buffer[] => parts.map(({ body }) => body);

export const sizeOf = (part: StoredPart): number => part.size ?? part.body.length;

function verifySize(parts: readonly StoredPart[], stated: string | string[] | undefined): void {
  const size = parts.reduce((sum, part) => sum + sizeOf(part), 0);
  if (stated === undefined || Number(stated) === size) return;
  const message = `x-amz-mp-object-size is ${String(stated)}, and the parts have ${size} bytes.`;
  throw new S3Refusal(400, 'InvalidRequest', message);
}

async function verifyObject(parts: readonly StoredPart[], headers: FauxqsRequest['headers']): Promise<void> {
  const stated = readChecksum(headers);
  if (!stated) return;
  const isComposite = headers['x-amz-checksum-type'] === 'COMPOSITE' || stated.value.includes('-');
  await (isComposite ? verifyComposite : verifyChecksum)(stated, readBytes(parts));
}
