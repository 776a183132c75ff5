import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import {
  fileName as fileNameSchema,
  uploadTerms,
  UPLOAD_BODY_MAX_BYTES,
  explainIssue,
  type ReadOptions,
  type UploadTerms,
} from '../../contract/index.ts';
import { invalid, RequestError } from './problem.ts';
import { bodyBytes, contentType, requireContentType } from './request.ts';

export interface UploadedFile {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  /** Of a form. */
  readonly terms: UploadTerms;
}

/** Of bodies that are the file itself: what it is called if nobody says. How it is read depends on its bytes alone. */
const NAMES = new Map([
  ['text/csv', 'tasks.csv'],
  ['application/x-ndjson', 'tasks.jsonl'],
  ['application/jsonl', 'tasks.jsonl'],
  ['application/gzip', 'tasks.csv.gz'],
  ['application/octet-stream', 'tasks.csv'],
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
  const file = name ? { name, bytes: body, terms: {} } : await readForm(event, body);
  if (file.bytes.length > UPLOAD_BODY_MAX_BYTES) {
    throw new RequestError(
      'PAYLOAD_TOO_LARGE',
      `The file has ${file.bytes.length} bytes; this route takes ${UPLOAD_BODY_MAX_BYTES}. For a larger one send {"fileName", "contentLength"} as application/json: the answer has the URLs to put it to.`,
    );
  }
  const named = fileNameSchema.safeParse(fileName ?? file.name, { error: explainIssue });
  if (!named.success) throw invalid('fileName', named.error);
  return { fileName: named.data, bytes: file.bytes, terms: file.terms };
}

/**
 * The gateway hands text on as UTF-8: of a body in another encoding its bytes are lost before a function sees them.
 * @throws RequestError
 */
export function requireOwnBytes(event: APIGatewayProxyEventV2, { encoding = 'utf-8' }: ReadOptions): void {
  if (encoding === 'utf-8' || event.isBase64Encoded || !/[^\0-\x7F]/.test(event.body ?? '')) return;
  throw new RequestError(
    'VALIDATION_FAILED',
    `The body came as text, which is UTF-8 on its way, and not ${encoding}.`,
    [
      {
        path: 'query.encoding',
        message: `send the file as application/octet-stream, as a form, or by the links of an upload by JSON, to have it read as ${encoding}`,
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
  // Taking the first of several would drop the others without a word.
  if (!file || files.length > 1) {
    throw new RequestError(
      'VALIDATION_FAILED',
      `The form has ${file ? `${files.length} files` : 'no file'}; send exactly one part with a file name.`,
    );
  }
  return { name: file.name, bytes: await file.bytes(), terms: termsIn(form) };
}

/** A file input that nobody used comes as a part without name and content. */
const isChosen = ({ name, size }: File): boolean => name !== '' || size > 0;

const TERMS = Object.keys(uploadTerms.shape);
const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]/g, '');

/**
 * The fields of a form that say how its file is taken; others may belong to the page that sent it. Empty ones say
 * nothing. A name in another spelling is refused: nobody sends it without meaning it.
 */
function termsIn(form: FormData): UploadTerms {
  const fields = [...form].filter(([name, value]) => value !== '' && TERMS.some((term) => plain(term) === plain(name)));
  const terms = uploadTerms.safeParse(Object.fromEntries(fields), { error: explainIssue });
  if (!terms.success) throw invalid('form', terms.error);
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
