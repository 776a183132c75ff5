import { findFunction } from './find-function.ts';
import type { ResourceKind } from './resource-kind.ts';

const RATE = /^rate\(([1-9]\d*) (minute|hour)s?\)$/;
const UNIT_SECONDS = { minute: 60, hour: 3_600 } as const;

export const schedule: ResourceKind = {
  supports: ['ScheduleExpression', 'State', 'Target'],
  ignores: {
    Description: 'it is a text for the AWS console',
    FlexibleTimeWindow: 'a schedule always starts on time here',
    Name: 'nothing refers to it here',
    'Target.RetryPolicy': 'a failed call is not retried',
  },
  async deploy({ logicalId, properties }, { parts, region, accountId }) {
    const { State = 'ENABLED', Target } = properties;
    const { Arn, RoleArn, ...others } = Target as Readonly<Record<string, unknown>>;
    const [other] = Object.keys(others);
    if (other !== undefined) {
      throw new Error(
        `${logicalId} has the target property ${other}. A local schedule only calls a function, without input.`,
      );
    }
    const functionLogicalId = findFunction(logicalId, String(Arn), parts.functions);
    const invoke = { action: 'lambda:InvokeFunction', resource: String(Arn) };
    parts.needs.push({ of: logicalId, roleArn: String(RoleArn), ...invoke });
    const intervalSeconds = toSeconds(logicalId, String(properties['ScheduleExpression']));
    if (State === 'ENABLED') parts.schedules.push({ logicalId, functionLogicalId, intervalSeconds });
    const arn = `arn:aws:scheduler:${region}:${accountId}:schedule/default/${logicalId}`;
    return { ref: logicalId, attributes: { Arn: arn } };
  },
};

function toSeconds(logicalId: string, expression: string): number {
  const [, count, unit] = RATE.exec(expression) ?? [];
  if (unit === 'minute' || unit === 'hour') return Number(count) * UNIT_SECONDS[unit];
  throw new Error(
    `${logicalId} runs at ${expression}. A local schedule supports rates in minutes and hours, such as rate(5 minutes).`,
  );
}
