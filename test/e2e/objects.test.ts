import { hash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TaskFile } from '../../src/contract/index.ts';
import { csv, rows } from './support/csv.ts';
import { ALL_DONE, s3Event, s3TestEvent, sqsEvent, type StoredObject } from './support/messages.ts';
import { startService, type Service } from './support/service.ts';
import { until } from './support/until.ts';

describe('an object put straight into the bucket', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.stop());

  const taskFiles = async (): Promise<readonly TaskFile[]> =>
    (await service.client.listTaskFiles({ query: { limit: 100 } })).items;
  const filesCalled = async (name: string): Promise<readonly TaskFile[]> =>
    (await taskFiles()).filter(({ fileName }) => fileName === name);
  const processedAs = async (name: string): Promise<TaskFile> => {
    const [found] = await until(
      `a task file called ${name}`,
      () => filesCalled(name),
      ({ length }) => length > 0,
    );
    return service.ended(found?.id ?? '');
  };
  const splitterIsIdle = () =>
    until(
      'an empty Task Upload Queue',
      () => service.aws.queueDepths(),
      (depths) => Object.entries(depths).every(([queue, depth]) => depth === 0 || !queue.endsWith('TaskUploadQueue')),
    );
  const put = async (key: string, content: string): Promise<StoredObject> => ({
    key,
    eTag: await service.aws.putObject(key, content),
    size: Buffer.byteLength(content),
  });
  const bucket = () => service.cloud.stack.outputs['UploadsBucketName'] ?? '';

  it.each([
    ['a space', 'uploads/red flower.csv'],
    ['a plus sign', 'uploads/one+one.csv'],
    ['a percent sign', 'uploads/100%.csv'],
    ['what looks encoded', 'uploads/%20+%2B.csv'],
    ['other scripts and emoji', 'uploads/部屋 zażółć 🔑.csv'],
    ['characters that a URL reserves', 'uploads/a=b&c?d#e.csv'],
    ['nested folders', 'uploads/2027/march/first week/nested.csv'],
    ['an unknown tenant', 'uploads/someone/else/deep.csv'],
  ])('becomes a task file even with %s in its key', async (_, key) => {
    await service.aws.putObject(key, csv(rows(2)));
    const ended = await processedAs(key.slice(key.lastIndexOf('/') + 1));
    expect(ended).toMatchObject({ status: 'COMPLETED', recordCount: 2, processedCount: 2 });
    expect(await service.tasksOf(ended.id)).toHaveLength(2);
  });

  it('becomes another task file when another version is put under its key', async () => {
    await service.aws.putObject('uploads/changing.csv', csv(rows(1)));
    await processedAs('changing.csv');
    await service.aws.putObject('uploads/changing.csv', csv(rows(2)));
    const both = await until(
      'two task files called changing.csv',
      () => filesCalled('changing.csv'),
      ({ length }) => length === 2,
    );
    const ended = await Promise.all(both.map(({ id }) => service.ended(id)));
    expect(new Set(ended.map(({ processedCount }) => processedCount))).toEqual(new Set([1, 2]));
  });

  it('stays the same task file when the same bytes are put again', async () => {
    await service.aws.putObject('uploads/again.csv', csv(rows(3)));
    const { id } = await processedAs('again.csv');
    await service.aws.putObject('uploads/again.csv', csv(rows(3)));
    await splitterIsIdle();
    expect((await filesCalled('again.csv')).map((file) => file.id)).toEqual([id]);
    expect(await service.tasksOf(id)).toHaveLength(3);
  });

  it('becomes one task file by event and sweep, even if the bucket keeps versions', async () => {
    const stored = await put('uploads/versions.csv', csv(rows(3)));
    await processedAs('versions.csv');
    const events = ['null', '3HL4kqtJlcpXroDTDmjVBH40Nrjfkd', 'L4kqtJlcpXrof3vjVBH40Nr8X8gdRQ'].map((versionId) =>
      s3Event(bucket(), { ...stored, versionId }),
    );
    expect(await service.invoke('upload-task-subscriber', sqsEvent(events))).toEqual(ALL_DONE);
    await service.invoke('sweep', {});
    expect(await filesCalled('versions.csv')).toHaveLength(1);
  });

  it('is ignored under another prefix', async () => {
    const before = await taskFiles();
    const stored = await put('elsewhere/uploads/x.csv', csv(rows(1)));
    expect(await service.invoke('upload-task-subscriber', sqsEvent([s3Event(bucket(), stored)]))).toEqual(ALL_DONE);
    await splitterIsIdle();
    expect((await taskFiles()).length).toBe(before.length);
  });

  it('is ignored if it represents a folder', async () => {
    const before = await taskFiles();
    await service.aws.putObject('uploads/folder/', '');
    await splitterIsIdle();
    expect((await taskFiles()).length).toBe(before.length);
  });

  describe('whose key names the id of another task file', () => {
    it('gets a task file of its own, and leaves the other alone', async () => {
      const victim = await service.process(csv(rows(2)), 'victim.csv');
      await service.aws.putObject(`uploads/default/${victim.id}/thief.csv`, csv(rows(5)));
      const thief = await processedAs('thief.csv');
      expect(thief).toMatchObject({ status: 'COMPLETED', processedCount: 5 });
      expect(thief.id).not.toBe(victim.id);
      // Its report may have been written since.
      expect(await service.client.getTaskFile({ params: { id: victim.id } })).toMatchObject(victim);
      expect(await service.tasksOf(victim.id)).toHaveLength(2);
    });

    it('gets a task file of its own even under the key of a file that has ended', async () => {
      const victim = await service.process(csv(rows(2)), 'replaced.csv');
      await service.aws.putObject(`uploads/default/${victim.id}/replaced.csv`, csv(rows(6)));
      const both = await until(
        'a task file for each version of replaced.csv',
        () => filesCalled('replaced.csv'),
        ({ length }) => length === 2,
      );
      const other = both.find(({ id }) => id !== victim.id);
      expect(await service.ended(other?.id ?? '')).toMatchObject({ status: 'COMPLETED', processedCount: 6 });
      // Its report may have been written since.
      expect(await service.client.getTaskFile({ params: { id: victim.id } })).toMatchObject(victim);
    });
  });

  describe('in the event of S3', () => {
    it('may be one of several, and each becomes a task file', async () => {
      const names = ['several-1.csv', 'several 2.csv', 'several+3.csv'];
      const stored = await Promise.all(names.map((name, index) => put(`uploads/${name}`, csv(rows(index + 1)))));
      expect(await service.invoke('upload-task-subscriber', sqsEvent([s3Event(bucket(), ...stored)]))).toEqual(
        ALL_DONE,
      );
      for (const [index, name] of names.entries()) {
        expect(await processedAs(name)).toMatchObject({ status: 'COMPLETED', processedCount: index + 1 });
        expect(await filesCalled(name)).toHaveLength(1);
      }
    });

    it('may occur twice, in one message or two, and becomes one task file with its tasks once', async () => {
      const stored = await put('uploads/twice.csv', csv(rows(30)));
      const event = s3Event(bucket(), stored);
      const messages = [s3Event(bucket(), stored, stored), event, event];
      for (const message of messages) {
        expect(await service.invoke('upload-task-subscriber', sqsEvent([message]))).toEqual(ALL_DONE);
      }
      const { id, ...ended } = await processedAs('twice.csv');
      expect(ended).toMatchObject({ status: 'COMPLETED', recordCount: 30, processedCount: 30, failedCount: 0 });
      expect(await service.invoke('upload-task-subscriber', sqsEvent([event], 2))).toEqual(ALL_DONE);
      expect(await filesCalled('twice.csv')).toHaveLength(1);
      expect((await service.tasksOf(id)).map(({ row }) => row)).toEqual(Array.from({ length: 30 }, (_, n) => n + 2));
    });

    it('may be deleted or replaced: its task file ends FAILED, and can be redriven', async () => {
      const missing = { key: 'uploads/missing.csv', eTag: '0'.repeat(32), size: 10 };
      expect(await service.invoke('upload-task-subscriber', sqsEvent([s3Event(bucket(), missing)]))).toEqual(ALL_DONE);
      expect(await processedAs('missing.csv')).toMatchObject({
        status: 'FAILED',
        failure: { code: 'SOURCE_MISSING', message: expect.stringContaining('redrive this task file') },
      });

      const { key } = await put('uploads/older.csv', csv(rows(1)));
      const older = { key, eTag: '1'.repeat(32), size: 10 };
      expect(await service.invoke('upload-task-subscriber', sqsEvent([s3Event(bucket(), older)]))).toEqual(ALL_DONE);
      const both = await until(
        'two task files called older.csv',
        () => filesCalled('older.csv'),
        ({ length }) => length === 2,
      );
      const failures = await Promise.all(both.map(async ({ id }) => (await service.ended(id)).failure?.code));
      expect(new Set(failures)).toEqual(new Set(['SOURCE_CHANGED', undefined]));
    });

    it('may be put again after it was missing, and a redrive continues its task file', async () => {
      const content = csv(rows(3));
      const missed = { key: 'uploads/missed.csv', eTag: hash('md5', content), size: Buffer.byteLength(content) };
      expect(await service.invoke('upload-task-subscriber', sqsEvent([s3Event(bucket(), missed)]))).toEqual(ALL_DONE);
      const { id, ...failed } = await processedAs('missed.csv');
      expect(failed.failure?.code).toBe('SOURCE_MISSING');
      expect(await service.aws.putObject(missed.key, content)).toBe(missed.eTag);
      await service.client.redriveTaskFile({ params: { id } });
      expect(await service.ended(id)).toMatchObject({ status: 'COMPLETED', recordCount: 3, processedCount: 3 });
      expect(await filesCalled('missed.csv')).toHaveLength(1);
    });

    it('is not expected in the test event, nor in events of other kinds', async () => {
      const before = await taskFiles();
      const stored = await put('elsewhere/x.csv', csv(rows(1)));
      const removed = s3Event(bucket(), { ...stored, key: 'uploads/removed.csv' });
      const other = { Records: removed.Records.map((record) => ({ ...record, eventName: 'ObjectRemoved:Delete' })) };
      const bodies = [s3TestEvent(bucket()), other, { Records: [] }];
      expect(await service.invoke('upload-task-subscriber', sqsEvent(bodies))).toEqual(ALL_DONE);
      expect((await taskFiles()).length).toBe(before.length);
    });

    it('may arrive together with unreadable messages, and only these are returned', async () => {
      const stored = await put('uploads/neighbour.csv', csv(rows(1)));
      const event = sqsEvent(['not JSON', { schemaVersion: 9 }, s3Event(bucket(), stored)]);
      const unreadable = event.Records.slice(0, 2).map(({ messageId }) => ({ itemIdentifier: messageId }));
      expect(await service.invoke('upload-task-subscriber', event)).toEqual({ batchItemFailures: unreadable });
      expect(await processedAs('neighbour.csv')).toMatchObject({ status: 'COMPLETED' });
    });
  });
});
