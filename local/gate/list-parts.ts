import { calledOperation, type FauxqsApp, isS3, s3Request } from './fauxqs-call.ts';
import type { MultipartUpload, StoredPart } from './multipart-uploads.ts';
import { s3Error } from './s3-error.ts';

type Route = Parameters<FauxqsApp['route']>[0];

/** What S3 lists of parts at once. */
const PARTS_PER_PAGE = 1_000;

/** Answers `ListParts`, which fauxqs lacks: it would answer the object in the place of its parts. */
export function listParts(route: Route, uploadOf: (uploadId: string) => MultipartUpload | undefined): void {
  const { handler } = route;
  route.handler = async function list(request, reply) {
    if (!isS3(request) || calledOperation(request).operation !== 'ListParts') {
      return await handler.call(this, request, reply);
    }
    const { bucket, key, query } = s3Request(request);
    const upload = uploadOf(String(query['uploadId']));
    reply.type('application/xml');
    if (upload?.bucket !== bucket || upload.key !== key) {
      return reply.code(404).send(s3Error('NoSuchUpload', 'The upload does not exist; it was completed or aborted.'));
    }
    return reply.send(partsOf(upload, Number(query['part-number-marker'] ?? 0)));
  };
}

function partsOf({ uploadId, parts }: MultipartUpload, after: number): string {
  const rest = [...parts.values()]
    .filter(({ partNumber }) => partNumber > after)
    .toSorted((one, other) => one.partNumber - other.partNumber);
  const page = rest.slice(0, PARTS_PER_PAGE);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n<ListPartsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
    `<UploadId>${uploadId}</UploadId><IsTruncated>${rest.length > page.length}</IsTruncated>`,
    `<NextPartNumberMarker>${page.at(-1)?.partNumber ?? 0}</NextPartNumberMarker>`,
    ...page.map(partElement),
    '</ListPartsResult>',
  ].join('');
}

const partElement = (part: StoredPart): string =>
  `<Part><PartNumber>${part.partNumber}</PartNumber><ETag>${part.etag}</ETag><Size>${part.size ?? part.body.length}</Size>` +
  `<LastModified>${part.lastModified.toISOString()}</LastModified></Part>`;
