import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import {
  fileName as fileNameSchema,
  uploadTerms,
  UPLOAD_BODY_MAX_BYTES,
  explainIssue,
  type ReadOptions,
  type UploadTerms,
} from '../../contract/index.ts';
import { toValidationError, RequestError } from './problem.ts';
import { decodeBody, readContentType, requireContentType } from './request.ts';

export interface UploadedFile {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  /** The terms that a form has. */
  readonly terms: UploadTerms;
}

/** The name of a file that is the body itself and has none, by content type. How it is read depends on its bytes. */
const DEFAULT_NAMES = new Map([
  ['text/csv', 'tasks.csv'],
  ['application/x-ndjson', 'tasks.jsonl'],
  ['application/jsonl', 'tasks.jsonl'],
  ['application/gzip', 'tasks.csv.gz'],
  ['application/octet-stream', 'tasks.csv'],
]);

/** The last one begins a presigned upload. {@link readJsonBody} reads it. */
const UPLOAD_CONTENT_TYPES = [...DEFAULT_NAMES.keys(), 'multipart/form-data', 'application/json'];

/**
 * Reads the file of an upload: the body itself, or the file of a form. The `fileName` of the query wins.
 * @throws RequestError
 */
export async function readUpload(event: APIGatewayProxyEventV2, fileName: string | undefined): Promise<UploadedFile> {
  requireContentType(event, ...UPLOAD_CONTENT_TYPES);
  const body = decodeBody(event);
  const name = DEFAULT_NAMES.get(readContentType(event));
  const file = name ? { name, bytes: body, terms: {} } : await readForm(event, body);
  if (file.bytes.length > UPLOAD_BODY_MAX_BYTES) {
    throw new RequestError(
      'PAYLOAD_TOO_LARGE',
      `The file has ${file.bytes.length} bytes; this route takes ${UPLOAD_BODY_MAX_BYTES}. For a larger one send {"fileName", "contentLength"} as application/json: the response has the URLs to put it to.`,
    );
  }
  const named = fileNameSchema.safeParse(fileName ?? file.name, { error: explainIssue });
  if (!named.success) throw toValidationError('fileName', named.error);
  return { fileName: named.data, bytes: file.bytes, terms: file.terms };
}

/**
 * Refuses a body in another encoding that the gateway passed on as text: it did so as UTF-8, and the bytes are lost.
 * @throws RequestError
 */
export function requireOwnBytes(event: APIGatewayProxyEventV2, { encoding = 'utf-8' }: ReadOptions): void {
  if (encoding === 'utf-8' || event.isBase64Encoded || !/[^\0-\x7F]/.test(event.body ?? '')) return;
  throw new RequestError(
    'VALIDATION_FAILED',
    `The body arrived as text, which the gateway reads as UTF-8, not ${encoding}.`,
    [
      {
        path: 'query.encoding',
        message: `send the file as application/octet-stream, as a form, or by a presigned upload, to have it read as ${encoding}`,
      },
    ],
  );
}

interface FormFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly terms: UploadTerms;
}

async function readForm(event: APIGatewayProxyEventV2, body: Buffer): Promise<FormFile> {
  const form = await parseForm(event, body);
  const files = [...form.values()].filter((value) => value instanceof File).filter(isChosen);
  const [file] = files;
  // Taking the first of several files would drop the others silently.
  if (!file || files.length > 1) {
    throw new RequestError(
      'VALIDATION_FAILED',
      `The form has ${file ? `${files.length} files` : 'no file'}; send exactly one part with a file name.`,
    );
  }
  return { name: file.name, bytes: await file.bytes(), terms: readTerms(form) };
}

/** Browsers send an empty file input as a part without name and content. */
const isChosen = ({ name, size }: File): boolean => name !== '' || size > 0;

const TERMS = Object.keys(uploadTerms.shape);
const simplify = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]/g, '');

/**
 * Reads the fields of a form that say how its file is read; others may belong to the page that sent it. Empty fields do
 * not count. A name in another spelling is refused, because it is a mistake.
 */
function readTerms(form: FormData): UploadTerms {
  const fields = [...form].filter(
    ([name, value]) => value !== '' && TERMS.some((term) => simplify(term) === simplify(name)),
  );
  const terms = uploadTerms.safeParse(Object.fromEntries(fields), { error: explainIssue });
  if (!terms.success) throw toValidationError('form', terms.error);
  return terms.data;
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
