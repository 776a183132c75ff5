import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { csv, rows } from './support/csv.ts';
import { logicalIdOf, startService, type Service } from './support/service.ts';
import { until } from './support/until.ts';

const ROWS = 60;

/** The factor by which time is faster: one and three quarter hours of receives take three seconds. */
const TIMES = 2_000;

let service: Service;
beforeEach(async () => {
  // The sweep is off, because it would send a continuation for the file.
  service = await startService({ schedules: false });
  await service.cloud.gate.hurryPostponed(TIMES);
});
afterEach(() => service.stop());

/** Resolves to how often the reader of the splitter's dead letters has postponed one. */
async function postponed(): Promise<number> {
  const { gate } = service.cloud;
  const caller = logicalIdOf(service.cloud, 'upload-task-dead-letter-subscriber');
  const counts = await gate.counts();
  return counts
    .filter((one) => one.caller === caller && one.operation === 'ChangeMessageVisibilityBatch')
    .reduce((sum, { calls }) => sum + calls, 0);
}

it('a file that cannot be started for longer than the receives of its message does not fail, and completes', async () => {
  const { cloud, client } = service;
  // Fails the write that stores the header of a file. The notes of tries are still written.
  await cloud.gate.failTableOperations(['UpdateItem'], { as: 'outage', requests: '#dataStart' });
  const { id } = await client.uploadTasks({ body: csv(rows(ROWS)) });
  await until('its dead letter to be split, and put off', postponed, (times) => times > 0);
  expect(await client.getTaskFile({ params: { id } })).toMatchObject({ status: 'NEW' });
  await cloud.gate.failTableOperations([]);
  const numbers = { recordCount: ROWS, processedCount: ROWS, failedCount: 0 };
  expect(await service.ended(id)).toMatchObject({ status: 'COMPLETED', ...numbers });
});
