import { Logger } from '@aws-lambda-powertools/logger';
import type { LogEvent } from '../../contract/index.ts';

const logger = new Logger({ serviceName: 'task-service' });

/** Ids, counts and codes only: the content of a row or a task never goes into a log. */
type Fields = Readonly<Record<string, string | number | boolean | undefined>>;

export const log = {
  info: (event: LogEvent, fields: Fields): void => logger.info(event, { ...fields }),
  warn: (event: LogEvent, fields: Fields): void => logger.warn(event, { ...fields }),
  error: (event: LogEvent, fields: Fields): void => logger.error(event, { ...fields }),
};

/** What a log may say about an error. Messages of validators and services name fields and codes, not values. */
export const toErrorFields = (error: unknown): { errorName: string; errorMessage: string } =>
  error instanceof Error
    ? { errorName: error.name, errorMessage: error.message }
    : { errorName: 'unknown', errorMessage: String(error) };
