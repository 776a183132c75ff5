import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { csv, rows } from './support/csv.ts';
import { logicalIdOf, startService, type Service } from './support/service.ts';
import { until } from './support/until.ts';

const ROWS = 60;

/** An hour and three quarters of receives pass in three seconds. */
const TIMES = 2_000;

let service: Service;
beforeEach(async () => {
  // Without the sweep, which would ask for the file again.
  service = await startService({ schedules: false });
  await service.cloud.gate.hurryPostponed(TIMES);
});
afterEach(() => service.stop());

/** How often the reader of the splitter's dead letters has put one off. */
async function postponed(): Promise<number> {
  const { gate } = service.cloud;
  const caller = logicalIdOf(service.cloud, 'upload-task-dead-letter-subscriber');
  const counts = await gate.counts();
  return counts
    .filter((one) => one.caller === caller && one.operation === 'ChangeMessageVisibilityBatch')
    .reduce((sum, { calls }) => sum + calls, 0);
}

it('a file that can not be begun for longer than the receives of its message is not failed, and completes', async () => {
  const { cloud, client } = service;
  // What notes the header of a file; notes of tries are made.
  await cloud.gate.failTableOperations(['UpdateItem'], { as: 'outage', requests: '#dataStart' });
  const { id } = await client.uploadTasks({ body: csv(rows(ROWS)) });
  await until('its dead letter to be split, and put off', postponed, (times) => times > 0);
  expect(await client.getTaskFile({ params: { id } })).toMatchObject({ status: 'NEW' });
  await cloud.gate.failTableOperations([]);
  const numbers = { recordCount: ROWS, processedCount: ROWS, failedCount: 0 };
  expect(await service.ended(id)).toMatchObject({ status: 'COMPLETED', ...numbers });
});
