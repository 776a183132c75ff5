import { expect, it } from '@jest/globals';
import { csv, rows } from './support/csv.ts';
import { startService } from './support/service.ts';

const ROWS = 10_000;
const ROWS_PER_BATCH = 25;

/** Each execution of a batch of valid rows is one `BatchWriteItem`, which the gate counts. */
it('executes hardly any batch twice when nothing fails', async () => {
  await using service = await startService();
  const file = await service.process(csv(rows(ROWS)));
  expect(file).toMatchObject({ status: 'COMPLETED', processedCount: ROWS });
  const executions = (await service.cloud.gate.counts())
    .filter(({ caller, operation }) => caller.startsWith('CreateTask') && operation === 'BatchWriteItem')
    .reduce((sum, { calls }) => sum + calls, 0);
  const amplification = executions / (ROWS / ROWS_PER_BATCH);
  process.stdout.write(`${executions} executions of ${ROWS / ROWS_PER_BATCH} batches: ${amplification.toFixed(3)}\n`);
  expect(amplification).toBeGreaterThanOrEqual(1);
  expect(amplification).toBeLessThanOrEqual(1.05);
});
