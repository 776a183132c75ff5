import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { fileName as fileNameSchema, UPLOAD_BODY_MAX_BYTES } from '../../contract/index.ts';
import { invalid, RequestError } from './problem.ts';
import { bodyBytes, contentType, requireContentType } from './request.ts';

export interface UploadedFile {
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

/** Of bodies that are the file itself: what it is called if nobody says. How it is read depends on its bytes alone. */
const NAMES = new Map([
  ['text/csv', 'tasks.csv'],
  ['application/x-ndjson', 'tasks.jsonl'],
  ['application/jsonl', 'tasks.jsonl'],
  ['application/gzip', 'tasks.csv.gz'],
]);

/** The last one promises a file whose content is still to come, and is read by {@link jsonBody}. */
const UPLOAD_CONTENT_TYPES = [...NAMES.keys(), 'multipart/form-data', 'application/json'];

/**
 * The file of an upload request: the body itself, or the file of a form. `fileName` of the query wins over the form's.
 * @throws RequestError
 */
export async function readUpload(event: APIGatewayProxyEventV2, fileName: string | undefined): Promise<UploadedFile> {
  requireContentType(event, ...UPLOAD_CONTENT_TYPES);
  const body = bodyBytes(event);
  const name = NAMES.get(contentType(event));
  const file = name ? { name, bytes: body } : await readForm(event, body);
  if (file.bytes.length > UPLOAD_BODY_MAX_BYTES) {
    throw new RequestError(
      'PAYLOAD_TOO_LARGE',
      `The file has ${file.bytes.length} bytes; this route takes ${UPLOAD_BODY_MAX_BYTES}. For a larger one send {"fileName", "contentLength"} as application/json: the answer has the URLs to put it to.`,
    );
  }
  const named = fileNameSchema.safeParse(fileName ?? file.name);
  if (!named.success) throw invalid('fileName', named.error);
  return { fileName: named.data, bytes: file.bytes };
}

async function readForm(event: APIGatewayProxyEventV2, body: Buffer): Promise<{ name: string; bytes: Uint8Array }> {
  const files = [...(await parseForm(event, body)).values()].filter((value) => value instanceof File);
  const [file] = files;
  // Taking the first of several would drop the others without a word.
  if (!file || files.length > 1) {
    throw new RequestError(
      'VALIDATION_FAILED',
      `The form has ${file ? `${files.length} files` : 'no file'}; send exactly one part with a file name.`,
    );
  }
  return { name: file.name, bytes: await file.bytes() };
}

async function parseForm(event: APIGatewayProxyEventV2, body: Buffer): Promise<FormData> {
  try {
    return await new Response(Uint8Array.from(body), {
      headers: { 'content-type': event.headers['content-type'] ?? '' },
    }).formData();
  } catch (error) {
    if (error instanceof TypeError) {
      throw new RequestError(
        'VALIDATION_FAILED',
        'The body is not the form that its content type promises (multipart/form-data with its boundary).',
      );
    }
    throw error;
  }
}
