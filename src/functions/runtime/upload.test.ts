import { beforeAll, describe, expect, it } from '@jest/globals';
import { httpEvent } from '../../../test/kit/http-event.ts';
import { readUpload, requireOwnBytes } from './upload.ts';

const MIB = 1024 * 1024;
const CSV = Buffer.from('title\nGröße 😀\n');

const csvEvent = (bytes: Buffer, type = 'text/csv; charset=utf-8') =>
  httpEvent({ headers: { 'content-type': type }, body: bytes.toString('base64'), isBase64Encoded: true });

/** A form as a browser sends it. */
async function formEvent(parts: Readonly<Record<string, string | File>>) {
  const form = new FormData();
  for (const [name, value] of Object.entries(parts)) form.append(name, value);
  const response = new Response(form);
  const type = response.headers.get('content-type') ?? '';
  return csvEvent(Buffer.from(await response.arrayBuffer()), type);
}
const file = (name: string, bytes: Uint8Array<ArrayBuffer> = Uint8Array.from(CSV)) => new File([bytes], name);

describe('an upload', () => {
  it('is the body, whatever its bytes', async () => {
    const bytes = Buffer.from(Uint8Array.from({ length: 1_000 }, (_, index) => index & 0xff));
    const upload = await readUpload(csvEvent(bytes), 'May.csv');
    expect(upload.fileName).toBe('May.csv');
    expect(bytes.equals(upload.bytes)).toBe(true);
  });

  it('may come as plain text', async () => {
    const event = httpEvent({ headers: { 'content-type': 'TEXT/CSV' }, body: CSV.toString() });
    expect(CSV.equals((await readUpload(event, undefined)).bytes)).toBe(true);
  });

  it.each([
    ['text/csv', 'tasks.csv'],
    ['application/x-ndjson', 'tasks.jsonl'],
    ['application/jsonl; charset=utf-8', 'tasks.jsonl'],
    ['application/gzip', 'tasks.csv.gz'],
    ['application/octet-stream', 'tasks.csv'],
  ])('of the type %s is called %s if it has no name', async (type, name) => {
    expect((await readUpload(csvEvent(CSV, type), undefined)).fileName).toBe(name);
  });

  it('is the file of a form, with its name and every byte', async () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7) & 0xff);
    const event = await formEvent({ comment: 'hello', file: file('Aufgaben für Mai.csv', bytes) });
    const upload = await readUpload(event, undefined);
    expect(upload.fileName).toBe('Aufgaben für Mai.csv');
    expect(Buffer.from(bytes).equals(upload.bytes)).toBe(true);
  });

  it('may say in the form how it is read, and leave a second file input empty', async () => {
    const fields = {
      toleratedFailureCount: '0',
      timeZone: 'Europe/Berlin',
      nullWords: 'NULL,NA',
      strict: 'true',
      encoding: 'SJIS',
      delimiter: 'tab',
    };
    const event = await formEvent({ ...fields, comment: 'hello', file: file('a.csv'), other: new File([], '') });
    expect((await readUpload(event, undefined)).terms).toEqual({
      timeZone: 'Europe/Berlin',
      nullWords: ['NULL', 'NA'],
      strict: true,
      encoding: 'shift_jis',
      delimiter: '\t',
      toleratedFailureCount: 0,
    });
    const empty = await formEvent({ timeZone: '', file: file('a.csv') });
    expect((await readUpload(empty, undefined)).terms).toEqual({});
  });

  it('has the name in the query rather than the one in the form', async () => {
    const event = await formEvent({ file: file('a.csv') });
    expect((await readUpload(event, 'b.csv')).fileName).toBe('b.csv');
  });

  it('may be as large as the route takes, and may be empty', async () => {
    expect((await readUpload(csvEvent(Buffer.alloc(4 * MIB)), undefined)).bytes).toHaveLength(4 * MIB);
    expect((await readUpload(csvEvent(Buffer.alloc(0)), undefined)).bytes).toHaveLength(0);
  });
});

describe('an upload is refused', () => {
  it.each([csvEvent(Buffer.alloc(4 * MIB + 1)), formEvent({ file: file('a.csv', new Uint8Array(4 * MIB + 1)) })])(
    'if it is too large, with the way out',
    async (event) => {
      await expect(readUpload(await event, undefined)).rejects.toMatchObject({
        code: 'PAYLOAD_TOO_LARGE',
        message: expect.stringMatching(/4194305 bytes.*takes 4194304/),
      });
    },
  );

  it.each(['application/xml', 'text/plain', ''])('for the content type %j', async (type) => {
    const reading = readUpload(csvEvent(CSV, type), undefined);
    await expect(reading).rejects.toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' });
  });

  it.each([
    ['timeZone', 'Berlin', 'IANA'],
    ['encoding', 'ebcdic', 'utf-8'],
    ['delimiter', '/', 'tab'],
    ['nullWords', 'x'.repeat(51), '50'],
    ['strict', 'maybe', ''],
    ['toleratedFailureCount', '-1', ''],
  ])('if the form has the field %s with %j', async (name, value, message) => {
    const reading = readUpload(await formEvent({ [name]: value, file: file('a.csv') }), undefined);
    await expect(reading).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      errors: [{ path: expect.stringContaining(`form.${name}`), message: expect.stringContaining(message) }],
    });
  });

  it('if it is in an encoding whose bytes the gateway has lost', () => {
    const asText = (body: string) => httpEvent({ headers: { 'content-type': 'text/csv' }, body });
    const options = { encoding: 'shift_jis' } as const;
    expect(() => requireOwnBytes(asText('title\n\uFFFD'), options)).toThrow('not shift_jis');
    expect(() => requireOwnBytes(asText('title\nä'), options)).toThrow(
      expect.objectContaining({
        code: 'VALIDATION_FAILED',
        errors: [expect.objectContaining({ path: 'query.encoding' })],
      }),
    );
    requireOwnBytes(asText('title\na'), options);
    requireOwnBytes(asText('title\nä'), {});
    requireOwnBytes(httpEvent({}), options);
    requireOwnBytes(csvEvent(Buffer.from('title\nä')), options);
  });

  it('if the form has an option in another spelling', async () => {
    const reading = readUpload(await formEvent({ time_zone: 'UTC', file: file('a.csv') }), undefined);
    await expect(reading).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      errors: [{ message: expect.stringContaining('timeZone') }],
    });
  });

  it('if the form has no file', async () => {
    const reading = readUpload(await formEvent({ file: 'title\nx\n' }), undefined);
    await expect(reading).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      message: expect.stringMatching(/no file/),
    });
  });

  it('if the form has several files', async () => {
    const reading = readUpload(await formEvent({ file: file('a.csv'), more: file('b.csv') }), undefined);
    await expect(reading).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      message: expect.stringMatching(/2 files/),
    });
  });

  // Jest runs tests in a realm of its own, and `Response` throws the TypeError of Node's.
  beforeAll(async () => {
    const { constructor } = await new Response('').formData().catch((error: TypeError) => error);
    Object.assign(globalThis, { TypeError: constructor });
  });

  it.each(['multipart/form-data', 'multipart/form-data; boundary=another'])(
    'if the body is no form: %s',
    async (type) => {
      const reading = readUpload(csvEvent(CSV, type), undefined);
      await expect(reading).rejects.toMatchObject({
        code: 'VALIDATION_FAILED',
        message: expect.stringMatching(/boundary/),
      });
    },
  );

  it.each(['../a.csv', 'C:\\a.csv', '..', ' ', 'a\u0000.csv'])('for the file name %j', async (name) => {
    await expect(readUpload(csvEvent(CSV), name)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      errors: expect.arrayContaining([expect.objectContaining({ path: 'fileName' })]),
    });
  });
});
