import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { functionOf, hurriedAssembly, type HurriedAssembly } from './support/assembly.ts';
import { csv, rows } from './support/csv.ts';
import { lowerVisibilityTimeouts } from './support/long-file.ts';
import { startService, type Service } from './support/service.ts';
import { until } from './support/until.ts';

/** The time that a splitter keeps in reserve. With a time limit of only this it hands over after its first send. */
const SPLITTER_SECONDS = 5;

/** The hops after which AWS ends a chain of messages between a queue and its function, unless it may be longer. */
const HOPS = 16;

/** A splitter hands over after some kilobytes. Long rows give enough hops with few rows to process. */
const ROWS = 8_000;
const BAD_EVERY = 400;
const content = csv(
  rows(ROWS, (number) => ({
    detail: hash('sha512', String(number)),
    ...(number % BAD_EVERY === 0 && { isComplete: 'perhaps' }),
  })),
);

const SPLITTER = 'UploadTaskSubscriberFunction';

describe('a file that its splitter cannot read in one invocation', () => {
  let assembly: HurriedAssembly;
  let service: Service;
  let splitter: string;
  let hops = 0;
  beforeAll(async () => {
    assembly = await hurriedAssembly({ [SPLITTER]: SPLITTER_SECONDS });
    const onReport = ({ functionLogicalId }: { readonly functionLogicalId: string }): void => {
      if (functionLogicalId === splitter) hops++;
    };
    service = await startService({ assemblyFolder: assembly.folder, onReport, schedules: false });
    splitter = functionOf(service.cloud.stack.functions.keys(), SPLITTER);
    await lowerVisibilityTimeouts(service.aws);
  });
  afterAll(async () => {
    await service.stop();
    await assembly[Symbol.asyncDispose]();
  });

  it.each([
    ['as it is', 'long.csv', Buffer.from(content)],
    ['compressed', 'long.csv.gz', gzipSync(content)],
  ])(
    'completes exactly after more than 16 continuations and the kills of some splitters: %s',
    async (_, fileName, bytes) => {
      const before = hops;
      const form = new FormData();
      form.append('file', new Blob([new Uint8Array(bytes)]), fileName);
      const { id } = await service.client.uploadTasks({ body: form });
      for (const part of [0.2, 0.4, 0.6]) {
        await until(
          `${ROWS * part} rows to be known`,
          () => service.client.getTaskFile({ params: { id } }),
          ({ recordCount }) => recordCount >= ROWS * part,
        );
        await until(
          'a splitter to be killed at its work',
          () => service.cloud.crashOne(splitter),
          (wasAtWork) => wasAtWork,
        );
      }
      const failed = ROWS / BAD_EVERY;
      expect(await service.ended(id)).toMatchObject({
        status: 'COMPLETED',
        recordCount: ROWS,
        processedCount: ROWS - failed,
        failedCount: failed,
      });
      expect(hops - before).toBeGreaterThan(HOPS + 1);
      const expected = Array.from({ length: ROWS }, (__, n) => n + 2).filter((row) => (row - 1) % BAD_EVERY !== 0);
      expect((await service.tasksOf(id)).map(({ row }) => row)).toEqual(expected);
      expect(await service.failuresOf(id)).toHaveLength(failed);
    },
  );
});
