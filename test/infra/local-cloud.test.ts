import { describe, expect, it } from '@jest/globals';
import { NO_EFFECT } from '../../local/deploy/no-effect.ts';
import { supportedProperties } from '../../local/deploy/supported-properties.ts';
import { RESOURCE_KINDS } from '../../local/deploy/resources/index.ts';
import { synthesize } from './synthesize.ts';

/** Settings that together add every optional resource and property. */
const SETTINGS: readonly [name: string, variables: Record<string, string>][] = [
  ['without settings', {}],
  [
    'in production, with CORS and alarms',
    {
      CDK_ENV: 'prd',
      CDK_CORS_ALLOW_ORIGIN: 'http://localhost:3000,https://tasks.example.com',
      CDK_ALARM_EMAIL: 'ops@example.com',
      CDK_ALARM_TOPIC_ARN: 'arn:aws:sns:eu-central-1:111111111111:a',
    },
  ],
  [
    'without the sweep, with other numbers',
    { CDK_ENV: 'qat', CDK_SWEEP: 'off', CDK_CREATE_TASK_CONCURRENCY: '20', TOLERATED_FAILURE_COUNT: '1' },
  ],
];

describe.each(SETTINGS)('the stack %s', (_, variables) => {
  it('has only resources and properties that the local cloud supports', () => {
    for (const [logicalId, resource] of Object.entries(synthesize(variables).resources)) {
      const kind = RESOURCE_KINDS[resource.Type];
      if (resource.Type in NO_EFFECT) continue;
      expect([resource.Type, kind !== undefined]).toEqual([resource.Type, true]);
      if (kind) expect(() => supportedProperties(logicalId, resource, kind)).not.toThrow();
    }
  });
});
