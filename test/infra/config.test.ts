import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../infra/config.ts';

const DEFAULTS = {
  CDK_ENV: 'dev',
  CDK_APP_NAME: 'fan-out-fan-in',
  CDK_OWNER: 'unknown',
  CDK_OU: 'unknown',
  CDK_CORS_ALLOW_ORIGIN: [],
  CDK_SWEEP: 'on',
  CDK_UPLOAD_TASK_CONCURRENCY: 2,
  CDK_CREATE_TASK_CONCURRENCY: 5,
  ROWS_PER_MESSAGE: 25,
};

const WITHOUT_DEFAULT = [
  'CDK_ACCOUNT',
  'CDK_REGION',
  'CDK_ALARM_EMAIL',
  'CDK_ALARM_TOPIC_ARN',
  'TOLERATED_FAILURE_PERCENTAGE',
  'TOLERATED_FAILURE_COUNT',
];

describe('the configuration', () => {
  it('needs no variable', () => {
    expect(readConfig({ PATH: '/usr/bin' })).toEqual(DEFAULTS);
  });

  it('is the default if .env.example is used unchanged', () => {
    const example = readFileSync(join(import.meta.dirname, '../../.env.example'), 'utf8');
    const variables = parseEnv(example);

    expect(readConfig(variables)).toEqual(DEFAULTS);
    expect(Object.keys(variables).toSorted()).toEqual([...Object.keys(DEFAULTS), ...WITHOUT_DEFAULT].toSorted());
  });

  it('takes the given values', () => {
    const given = {
      CDK_ENV: 'prd',
      CDK_ACCOUNT: '123456789012',
      CDK_REGION: 'eu-central-1',
      CDK_CORS_ALLOW_ORIGIN: 'https://a.example, http://localhost:5173',
      CDK_OWNER: 'Forschung Köln + 研究',
      CDK_OU: 'a_b.c:d/e=f+g-h@i 1',
      CDK_ALARM_EMAIL: 'ops@example.com',
      CDK_ALARM_TOPIC_ARN: 'arn:aws-us-gov:sns:us-gov-west-1:123456789012:on-call_1',
      CDK_SWEEP: 'off',
      CDK_UPLOAD_TASK_CONCURRENCY: '5',
      CDK_CREATE_TASK_CONCURRENCY: '1000',
      ROWS_PER_MESSAGE: '1',
      TOLERATED_FAILURE_PERCENTAGE: '2.5',
      TOLERATED_FAILURE_COUNT: '0',
    };

    expect(readConfig(given)).toEqual({
      ...DEFAULTS,
      ...given,
      CDK_CORS_ALLOW_ORIGIN: ['https://a.example', 'http://localhost:5173'],
      CDK_UPLOAD_TASK_CONCURRENCY: 5,
      CDK_CREATE_TASK_CONCURRENCY: 1_000,
      ROWS_PER_MESSAGE: 1,
      TOLERATED_FAILURE_PERCENTAGE: 2.5,
      TOLERATED_FAILURE_COUNT: 0,
    });
  });

  it.each([
    ['CDK_ENV', 'production'],
    ['CDK_APP_NAME', 'My App'],
    ['CDK_ACCOUNT', '1234'],
    ['CDK_REGION', 'Frankfurt'],
    ['CDK_OWNER', 'R&D (Ann)'],
    ['CDK_OU', 'Forschung; Köln'],
    ['CDK_OWNER', 'aws:ann'],
    ['CDK_OU', 'x'.repeat(257)],
    ['CDK_CORS_ALLOW_ORIGIN', '*'],
    ['CDK_CORS_ALLOW_ORIGIN', 'ftp://a.example'],
    ['CDK_CORS_ALLOW_ORIGIN', 'https://a.example/path'],
    ['CDK_ALARM_EMAIL', 'ops'],
    ['CDK_ALARM_TOPIC_ARN', 'alarms'],
    ['CDK_ALARM_TOPIC_ARN', 'arn:aws:sns:eu-central-1:123456789012:alarms.fifo'],
    ['ROWS_PER_MESSAGE', '0'],
    ['ROWS_PER_MESSAGE', 'many'],
    ['CDK_SWEEP', 'yes'],
    ['CDK_UPLOAD_TASK_CONCURRENCY', '1'],
    ['CDK_UPLOAD_TASK_CONCURRENCY', '1001'],
    ['CDK_CREATE_TASK_CONCURRENCY', '1'],
    ['CDK_CREATE_TASK_CONCURRENCY', '1001'],
    ['TOLERATED_FAILURE_PERCENTAGE', '101'],
    ['TOLERATED_FAILURE_COUNT', '1.5'],
  ])('refuses %s=%s, and names both', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(`${name}="${value}"`);
  });

  it('names every wrong variable at once', () => {
    expect(() => readConfig({ CDK_ENV: 'x', CDK_ACCOUNT: 'y' })).toThrow(/CDK_ENV="x".*\n.*CDK_ACCOUNT="y"/);
  });
});
