import { beforeEach, describe, expect, it } from '@jest/globals';
import { PRESIGNED_MAX_BYTES, uploadResponse, type PartLink, type UploadResponse } from '../../contract/index.ts';
import { itemId } from '../../engine/index.ts';
import { MemoryJobs, MemoryLedger, MemoryObjects, MemoryPresignedUploads } from '../../../test/kit/memory/index.ts';
import { completeUpload, linkToParts, presignTaskFile, type PresignRequest } from './presigned-upload.ts';

const TENANT = 'default';
const JOB_ID = '0193c5a8-7c1e-7d3f-9a55-2b7f4c9d8e10';
const CREATED_AT = Date.UTC(2026, 0, 31, 8, 0, 0, 700);
const EXPIRES_AT = '2026-01-31T09:00:00.000Z';
const MIB = 1024 * 1024;
/** Three parts, the last of one byte. */
const BYTES = 16 * MIB + 1;

let made: number;
const open = () => {
  const objects = new MemoryObjects();
  return {
    jobs: new MemoryJobs(),
    ledger: new MemoryLedger(),
    objects,
    presigned: new MemoryPresignedUploads(objects),
    clock: { now: () => CREATED_AT },
    ids: { newId: () => itemId(JOB_ID, made++) },
    cut: { itemsPerBatch: 2, batchesPerSegment: 2, batchBytes: 60_000 },
  };
};
let ports: ReturnType<typeof open>;
beforeEach(() => {
  made = 0;
  ports = open();
});

const presign = (changes: Partial<PresignRequest> = {}): Promise<UploadResponse> =>
  presignTaskFile(ports, { tenant: TENANT, fileName: 'tasks.csv', bytes: BYTES, ...changes });
const keyOf = ({ id, fileName }: UploadResponse): string => `uploads/${TENANT}/${id}/${fileName}`;
const jobOf = async ({ id }: UploadResponse) => (await ports.jobs.read({ tenant: TENANT, jobId: id }))!;
const linksIn = ({ upload }: UploadResponse): readonly PartLink[] => (upload && 'parts' in upload ? upload.parts : []);
const putAll = async (parts: readonly PartLink[]): Promise<void> => {
  for (const { url, contentLength } of parts) await ports.presigned.put(url, Buffer.alloc(contentLength, 'x'));
};
const arrive = async (file: UploadResponse) =>
  ports.jobs.pin(await jobOf(file), { key: keyOf(file), ...ports.objects.version(keyOf(file)) });
const end = async (file: UploadResponse) =>
  ports.jobs.finish(await jobOf(file), { status: 'CANCELLED', at: CREATED_AT, guard: {} });

describe('a presigned upload', () => {
  it('is a task file that waits, with one URL if it is small', async () => {
    const file = await presign({ bytes: 8 * MIB, tolerance: { failedCount: 3 }, options: { strict: true } });
    expect(uploadResponse.parse(file)).toEqual(file);
    const { upload } = file;
    expect(file).toMatchObject({ status: 'NEW', fileName: 'tasks.csv', recordCount: 0 });
    expect(upload).toMatchObject({
      method: 'PUT',
      headers: { 'content-length': String(8 * MIB) },
      expiresAt: EXPIRES_AT,
    });
    expect(await jobOf(file)).toMatchObject({
      source: { key: keyOf(file), bytes: 8 * MIB },
      presigned: {},
      tolerance: { failedCount: 3 },
      options: { strict: true },
    });
    expect(ports.presigned.begun).toBe(0);
  });

  it('has parts if it is larger, each with its own URL', async () => {
    const file = await presign();
    expect(uploadResponse.parse(file)).toEqual(file);
    expect(file.upload).toMatchObject({ partSize: 8 * MIB, partCount: 3, expiresAt: EXPIRES_AT });
    expect(linksIn(file).map(({ number, contentLength }) => [number, contentLength])).toEqual([
      [1, 8 * MIB],
      [2, 8 * MIB],
      [3, 1],
    ]);
  });

  it('has URLs of its first 100 parts', async () => {
    const file = await presign({ bytes: 101 * 8 * MIB });
    expect(file.upload).toMatchObject({ partCount: 101 });
    expect(linksIn(file).at(-1)).toMatchObject({ number: 100 });
  });

  it('can be as large as a thousand of the largest parts, and no larger', async () => {
    expect((await presign({ bytes: PRESIGNED_MAX_BYTES })).upload).toMatchObject({ partCount: 1_000 });
    await expect(presign({ bytes: PRESIGNED_MAX_BYTES + 1 })).rejects.toMatchObject({
      code: 'FILE_TOO_LARGE',
      message: expect.stringMatching(/5368709120001.*5368709120000/),
    });
  });
});

describe('a presigned upload that is repeated with its key', () => {
  const again = (changes: Partial<PresignRequest> = {}) => presign({ idempotencyKey: 'k', ...changes });

  it('is one task file and one upload, with URLs until its content has arrived', async () => {
    const first = await again();
    expect(await again()).toEqual(first);
    expect(ports.presigned.begun).toBe(1);
    await putAll(linksIn(first));
    await completeUpload(ports, TENANT, first.id);
    await arrive(first);
    const late = await again();
    expect([late.id, late.upload]).toEqual([first.id, undefined]);
  });

  it('returns URLs of the upload that was stored, if two requests came at once', async () => {
    const [one, other] = await Promise.all([again(), again()]);
    expect(other).toEqual(one);
    await putAll(linksIn(one));
    expect(await completeUpload(ports, TENANT, one.id)).toMatchObject({ status: 'NEW' });
  });

  it.each([{ bytes: 9 }, { fileName: 'other.csv' }, { tolerance: { failedCount: 0 } }])(
    'is refused with %j',
    async (changes) => {
      await again();
      await expect(again(changes)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    },
  );
});

describe('part URLs', () => {
  const ask = (id: string, from: number, count: number) => linkToParts(ports, TENANT, id, { from, count });

  it('can be renewed, from any part on', async () => {
    const file = await presign();
    const { parts, expiresAt } = await ask(file.id, 2, 100);
    expect(parts).toEqual(linksIn(file).slice(1));
    expect(expiresAt).toBe(EXPIRES_AT);
    expect((await ask(file.id, 1, 1)).parts).toHaveLength(1);
  });

  it('end with the last part', async () => {
    const { id } = await presign();
    await expect(ask(id, 4, 1)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      message: expect.stringContaining('1 to 3'),
    });
  });

  it('are refused for a file that has no parts, is unknown, or no longer waits', async () => {
    await expect(ask((await presign({ bytes: 1 })).id, 1, 1)).rejects.toMatchObject({ code: 'NOT_IN_PARTS' });
    await expect(ask(JOB_ID, 1, 1)).rejects.toMatchObject({ code: 'TASK_FILE_NOT_FOUND' });
    const file = await presign();
    await end(file);
    await expect(ask(file.id, 1, 1)).rejects.toMatchObject({
      code: 'UPLOAD_NOT_OPEN',
      message: expect.stringContaining('CANCELLED'),
    });
  });
});

describe('the completion of an upload', () => {
  const complete = (file: UploadResponse) => completeUpload(ports, TENANT, file.id);

  it('assembles the file from its parts', async () => {
    const file = await presign();
    await putAll(linksIn(file));
    expect(ports.objects.read(keyOf(file))).toBeUndefined();
    expect(await complete(file)).toMatchObject({ id: file.id, status: 'NEW' });
    expect(ports.objects.read(keyOf(file))?.bytes).toHaveLength(BYTES);
  });

  it('changes nothing if it is repeated, before and after the event of the object', async () => {
    const file = await presign();
    await putAll(linksIn(file));
    await Promise.all([complete(file), complete(file)]);
    expect(await complete(file)).toMatchObject({ status: 'NEW' });
    await arrive(file);
    await end(file);
    expect(await complete(file)).toMatchObject({ status: 'CANCELLED' });
  });

  it('names the missing and incomplete parts, and succeeds once they are complete', async () => {
    const file = await presign({ bytes: 64 * MIB });
    const { parts } = (await jobOf(file)).presigned!;
    ports.presigned.putPart(parts!.uploadId, 2, Buffer.alloc(7));
    const faults =
      /lacks 8 of 8 complete parts: part 1 is missing, part 2 has 7 bytes, not 8388608.* and so on.*\/parts/;
    await expect(complete(file)).rejects.toMatchObject({
      code: 'PARTS_MISSING',
      message: expect.stringMatching(faults),
    });
    await putAll(linksIn(file).slice(1));
    await expect(complete(file)).rejects.toMatchObject({
      message: expect.stringContaining('lacks 1 of 8 complete parts: part 1 is missing. Put'),
    });
    await putAll(linksIn(file));
    expect(await complete(file)).toMatchObject({ status: 'NEW' });
  });

  it('is refused for a file that has no parts', async () => {
    await expect(complete(await presign({ bytes: 1 }))).rejects.toMatchObject({ code: 'NOT_IN_PARTS' });
  });

  it('is refused if the file has ended before, or its parts are gone', async () => {
    const cancelled = await presign();
    await end(cancelled);
    await expect(complete(cancelled)).rejects.toMatchObject({ code: 'UPLOAD_NOT_OPEN' });
    const file = await presign();
    ports.presigned.abort((await jobOf(file)).presigned!.parts!.uploadId);
    await expect(complete(file)).rejects.toMatchObject({ code: 'UPLOAD_NOT_OPEN' });
  });
});
