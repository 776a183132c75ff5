import { format } from 'node:util';

const LEVELS = { debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR', trace: 'TRACE' } as const;

/**
 * Makes a console print in Lambda's text format: time, request id, level and message, separated by tabs, all on stdout.
 */
export function printLikeLambda(target: Console, requestId: () => string): Console {
  const print =
    (level: string) =>
    (...args: unknown[]): void =>
      void process.stdout.write(`${new Date().toISOString()}\t${requestId()}\t${level}\t${format(...args)}\n`);
  return Object.assign(
    target,
    Object.fromEntries(Object.entries(LEVELS).map(([method, level]) => [method, print(level)])),
  );
}
