import { expect, it } from '@jest/globals';
import { settings } from '../../cli/plan/measured.ts';
import { access } from '../../infra/access.ts';
import { MAPPINGS, MEMORY_MB, SWEEP } from '../../infra/constants.ts';
import { ROWS_PER_MESSAGE_DEFAULT } from '../../src/contract/index.ts';
import { synthesize } from './synthesize.ts';
import { ofType } from './template.ts';

it('the plan counts the queues whose depths the sweep may read', () => {
  const asked = Object.values(access.sweep.actions).filter((actions) => actions.includes('sqs:GetQueueAttributes'));
  expect(settings.askedQueues).toBe(asked.length);
});

it('the plan uses the settings of the deployment', () => {
  const { resources } = synthesize({ CDK_ALARM_EMAIL: 'ops@example.com' });
  const mappings = [...ofType(resources, 'AWS::Lambda::EventSourceMapping').values()];
  // With a maximum concurrency, a mapping does not go down to two pollers.
  expect(mappings.filter(({ Properties }) => Properties.ScalingConfig?.MaximumConcurrency === undefined)).toEqual([]);
  expect(SWEEP.rate).toBe('rate(1 minute)');
  expect(settings).toMatchObject({
    mappings: mappings.length,
    sweepsAnHour: 60,
    alarms: ofType(resources, 'AWS::CloudWatch::Alarm').size,
    memoryMegabytes: MEMORY_MB,
    messagesPerInvocation: MAPPINGS.createTask.batchSize,
    mappingConcurrency: MAPPINGS.createTask.maxConcurrency,
    rowsPerMessage: ROWS_PER_MESSAGE_DEFAULT,
  });
});
