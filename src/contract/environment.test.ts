import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { environment, variable } from './environment.ts';

const given = {
  TASKS_TABLE_NAME: 'tasks',
  TASK_FILES_TABLE_NAME: 'files',
  UPLOADS_BUCKET_NAME: 'uploads',
  TASK_UPLOAD_QUEUE_URL: 'http://127.0.0.1:1/000000000000/uploads',
  CREATE_TASK_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/000000000000/create',
  TASK_FILE_COMPLETE_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/000000000000/complete',
  TASK_TOPIC_ARN: 'arn:aws:sns:eu-central-1:000000000000:tasks',
};

describe('the environment of a function', () => {
  it('has 25 rows in a message by default', () => {
    const shape = z.object(environment);
    expect(shape.parse(given)).toEqual({ ...given, ROWS_PER_MESSAGE: 25 });
    expect(shape.parse({ ...given, ROWS_PER_MESSAGE: '1' })).toMatchObject({ ROWS_PER_MESSAGE: 1 });
  });

  it.each(['0', '1001', '1.5', 'many', ''])('is refused with ROWS_PER_MESSAGE %j', (text) => {
    expect(environment.ROWS_PER_MESSAGE.safeParse(text).success).toBe(false);
  });

  it('gives the name of a variable that exists', () => {
    expect(variable('TASKS_TABLE_NAME')).toBe('TASKS_TABLE_NAME');
  });
});
