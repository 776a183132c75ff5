import { Console } from 'node:console';
import { Writable } from 'node:stream';

const written: string[] = [];

/** Returns what was logged since the last call, as text. */
export const takeLog = (): string => written.splice(0).join('');

// The logger takes its console when it is created, in development the global one. So import this file before any file
// that logs.
process.env['POWERTOOLS_DEV'] = 'true';
globalThis.console = new Console(
  new Writable({
    write(chunk, _, done) {
      written.push(String(chunk));
      done();
    },
  }),
);
