import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UPLOAD_BODY_MAX_BYTES, type TaskFile } from '../../src/contract/index.ts';
import { csv, rows } from './support/csv.ts';
import { expectProblem } from './support/problems.ts';
import { startService, type Service } from './support/service.ts';

describe('POST /tasks/upload', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.stop());

  const upload = (body: RequestInit['body'], contentType?: string, query = '', headers = {}): Promise<Response> =>
    service.request(`/tasks/upload${query}`, {
      method: 'POST',
      ...(body !== undefined && { body }),
      headers: { ...headers, ...(contentType !== undefined && { 'content-type': contentType }) },
    });
  const form = (content: string, fileName?: string): FormData => {
    const data = new FormData();
    data.append('comment', 'other fields of the form are ignored');
    data.append('file', new Blob([content], { type: 'text/csv' }), fileName);
    return data;
  };
  const titlesOf = async (id: string) => (await service.tasksOf(id)).map(({ title }) => title);

  it('accepts text/csv, responds at once with the address of the task file, and imports the rows', async () => {
    const response = await upload(csv(rows(2)), 'text/csv; charset=utf-8', '?fileName=two%20rows.csv');
    const taskFile = (await response.json()) as TaskFile;
    expect(response.status).toBe(202);
    expect(response.headers.get('location')).toBe(`/task-files/${taskFile.id}`);
    expect(taskFile).toMatchObject({ fileName: 'two rows.csv', status: 'NEW', recordCount: 0, totalIsFinal: false });
    expect(await service.ended(taskFile.id)).toMatchObject({ status: 'COMPLETED', recordCount: 2, processedCount: 2 });
    expect(await titlesOf(taskFile.id)).toEqual(['Task 1', 'Task 2']);
  });

  it('names a file tasks.csv if the request has no name', async () => {
    expect(await (await upload('title\nOne\n', 'text/csv')).json()).toMatchObject({ fileName: 'tasks.csv' });
  });

  it('accepts a form, with its file name', async () => {
    const response = await upload(form(csv(rows(3)), 'from the form.csv'));
    const { id } = (await response.json()) as TaskFile;
    expect(await service.ended(id)).toMatchObject({ fileName: 'from the form.csv', processedCount: 3 });
    expect(await titlesOf(id)).toEqual(['Task 1', 'Task 2', 'Task 3']);
  });

  it('prefers the file name of the query to that of the form', async () => {
    const response = await upload(form('title\nOne\n', 'form.csv'), undefined, '?fileName=query.csv');
    expect(await response.json()).toMatchObject({ fileName: 'query.csv' });
  });

  it.each(['a+b & c=100%.csv', 'zażółć 部屋 🔑.csv', '#?;:@$,\'".csv', '%2Fnot-a-folder%20.csv', '..csv'])(
    'processes a file that is called %s',
    async (fileName) => {
      const ended = await service.process(csv(rows(1)), fileName);
      expect(ended).toMatchObject({ fileName, status: 'COMPLETED', processedCount: 1 });
    },
  );

  it('keeps the bytes of a form that are not UTF-8', async () => {
    const data = new FormData();
    data.append('file', new Blob([Uint8Array.of(0x00, 0xff, 0x41, 0x0a)]), 'latin.csv');
    const { id } = (await (await upload(data)).json()) as TaskFile;
    expect(await service.ended(id)).toMatchObject({ status: 'FAILED', failure: { code: 'NOT_TEXT' } });
  });

  describe('refuses', () => {
    it('another content type, and names those that it accepts', async () => {
      const { detail } = await expectProblem(await upload('title\nOne\n', 'text/plain'), 'UNSUPPORTED_MEDIA_TYPE');
      expect(detail).toContain(
        'text/csv, application/x-ndjson, application/jsonl, application/gzip, application/octet-stream, multipart/form-data, or application/json',
      );
    });

    it('a body without a content type', async () => {
      await expectProblem(await upload(new TextEncoder().encode('title\nOne\n')), 'UNSUPPORTED_MEDIA_TYPE');
    });

    it('a byte more than 4 MiB, as text and as a form, but not exactly 4 MiB', async () => {
      // The rows are few and long, because a line end takes two bytes of a Lambda event, which is limited to 6 MB.
      const line = `Task,${'x'.repeat(60_000)}\n`;
      const largest = `title,notes\n${line.repeat(69)}`.padEnd(UPLOAD_BODY_MAX_BYTES, 'Task,'.padEnd(60_000, 'x'));
      expect((await upload(largest, 'text/csv')).status).toBe(202);
      expect((await upload(form(largest, 'largest.csv'))).status).toBe(202);
      const { detail } = await expectProblem(await upload(`${largest}\n`, 'text/csv'), 'PAYLOAD_TOO_LARGE');
      expect(detail).toContain(String(UPLOAD_BODY_MAX_BYTES + 1));
      expect(detail).toContain('{"fileName", "contentLength"} as application/json');
      await expectProblem(await upload(form(`${largest}\n`, 'large.csv')), 'PAYLOAD_TOO_LARGE');
    });

    it('a form without a file', async () => {
      const data = new FormData();
      data.append('file', 'title\nOne\n');
      const { detail } = await expectProblem(await upload(data), 'VALIDATION_FAILED');
      expect(detail).toContain('no file');
    });

    it('a form with two files', async () => {
      const data = form('title\nOne\n', 'one.csv');
      data.append('more', new Blob(['title\nTwo\n']), 'two.csv');
      const { detail } = await expectProblem(await upload(data), 'VALIDATION_FAILED');
      expect(detail).toContain('2 files');
    });

    it('an empty form', async () => {
      await expectProblem(await upload(new FormData()), 'VALIDATION_FAILED');
    });

    it.each([
      ['no boundary', 'multipart/form-data', '--x\r\n'],
      ['no body', 'multipart/form-data; boundary=x', undefined],
      ['a body cut off', 'multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; name="f"'],
    ])('a form with %s', async (_, contentType, body) => {
      await expectProblem(await upload(body, contentType), 'VALIDATION_FAILED');
    });

    it.each(['', '%20', 'a%2Fb.csv', '..%5Cb.csv', '..', 'line%0Aend.csv', 'x'.repeat(256)])(
      'the file name "%s", saying which field is wrong',
      async (fileName) => {
        const response = await upload('title\nOne\n', 'text/csv', `?fileName=${fileName}`);
        const { errors } = await expectProblem(response, 'VALIDATION_FAILED');
        expect(errors).toContainEqual({ path: 'query.fileName', message: expect.any(String) });
      },
    );

    it('a file name with a path in a form', async () => {
      const { errors } = await expectProblem(await upload(form('title\n', '../../x.csv')), 'VALIDATION_FAILED');
      expect(errors).toContainEqual({ path: 'fileName', message: expect.any(String) });
    });

    it('an unknown query parameter', async () => {
      const { errors } = await expectProblem(await upload('title\n', 'text/csv', '?filename=x'), 'VALIDATION_FAILED');
      expect(errors).toEqual([{ path: 'query', message: expect.stringContaining('filename') }]);
    });
  });

  describe('with an Idempotency-Key', () => {
    const withKey = (key: string, content: string, fileName = 'once.csv') =>
      upload(content, 'text/csv', `?fileName=${fileName}`, { 'idempotency-key': key });

    it('creates one task file for an upload, however often and how fast it is repeated', async () => {
      const content = csv(rows(4));
      const responses = await Promise.all([1, 2, 3].map(() => withKey('thrice', content)));
      const ids = await Promise.all(responses.map(async (response) => ((await response.json()) as TaskFile).id));
      expect(new Set(ids).size).toBe(1);
      const [id = ''] = ids;
      expect(await service.ended(id)).toMatchObject({ status: 'COMPLETED', recordCount: 4, processedCount: 4 });

      const late = await withKey('thrice', content);
      expect(late.status).toBe(202);
      expect(late.headers.get('location')).toBe(`/task-files/${id}`);
      expect(await late.json()).toMatchObject({ id, status: 'COMPLETED', processedCount: 4 });
      expect(await titlesOf(id)).toHaveLength(4);
    });

    it('refuses the key for other bytes or another name', async () => {
      expect((await withKey('taken', 'title\nOne\n')).status).toBe(202);
      await expectProblem(await withKey('taken', 'title\nTwo\n'), 'IDEMPOTENCY_KEY_REUSED');
      await expectProblem(await withKey('taken', 'title\nOne\n', 'other.csv'), 'IDEMPOTENCY_KEY_REUSED');
    });

    it('refuses an empty key, and one of more than 255 characters', async () => {
      for (const key of ['', 'k'.repeat(256)]) {
        const { errors } = await expectProblem(await withKey(key, 'title\nOne\n'), 'VALIDATION_FAILED');
        expect(errors).toEqual([{ path: 'header.idempotency-key', message: expect.any(String) }]);
      }
    });
  });
});
