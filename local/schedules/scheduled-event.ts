import { randomUUID } from 'node:crypto';
import type { DeployedSchedule, DeployedStack } from '../model.ts';

/** The event that EventBridge Scheduler sends if the template gives no input. */
export type ScheduledEvent = ReturnType<typeof toScheduledEvent>;

export const toScheduledEvent = (
  { logicalId }: DeployedSchedule,
  { region, accountId }: Pick<DeployedStack, 'region' | 'accountId'>,
) => ({
  version: '0',
  id: randomUUID(),
  'detail-type': 'Scheduled Event',
  source: 'aws.scheduler',
  account: accountId,
  time: `${new Date().toISOString().slice(0, 19)}Z`,
  region,
  resources: [`arn:aws:scheduler:${region}:${accountId}:schedule/default/${logicalId}`],
  detail: '{}',
});
