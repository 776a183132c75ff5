import { afterEach, describe, expect, it } from '@jest/globals';
import { readEnvironment } from './environment.ts';

const names = ['TASKS_TABLE_NAME', 'TASK_TOPIC_ARN', 'ROWS_PER_MESSAGE'] as const;
afterEach(() => {
  for (const name of names) delete process.env[name];
});

describe('the environment of a function', () => {
  it('has the variables that were asked for, parsed, and no others', () => {
    Object.assign(process.env, { TASKS_TABLE_NAME: 'tasks', TASK_TOPIC_ARN: 'arn:x', ROWS_PER_MESSAGE: '1' });
    expect(readEnvironment('TASKS_TABLE_NAME', 'ROWS_PER_MESSAGE')).toEqual({
      TASKS_TABLE_NAME: 'tasks',
      ROWS_PER_MESSAGE: 1,
    });
  });

  it('is refused with the name of each variable that is missing or wrong', () => {
    process.env['TASK_TOPIC_ARN'] = 'topic';
    expect(() => readEnvironment('TASKS_TABLE_NAME', 'TASK_TOPIC_ARN')).toThrow(/TASKS_TABLE_NAME[^]*TASK_TOPIC_ARN/);
  });
});
