import { expect, it } from '@jest/globals';
import { settings } from '../../cli/plan/measured.ts';
import { MAPPINGS, MEMORY_MB } from '../../infra/constants.ts';
import { ROWS_PER_MESSAGE_DEFAULT } from '../../src/contract/index.ts';

it('is planned with what is deployed', () => {
  expect(settings).toMatchObject({
    memoryMegabytes: MEMORY_MB,
    messagesPerInvocation: MAPPINGS.createTask.batchSize,
    mappingConcurrency: MAPPINGS.createTask.maxConcurrency,
    rowsPerMessage: ROWS_PER_MESSAGE_DEFAULT,
  });
});
