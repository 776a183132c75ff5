import { spawn } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { Output } from './output.ts';

/** Jest's time limit ends a test that hangs. */
const { signal } = new AbortController();
const outputOf = (script: string): Output => new Output(spawn(process.execPath, ['--eval', script]));

describe('the output of a child process', () => {
  it('can be waited for, and is kept', async () => {
    const output = outputOf(`console.log('one 1'); console.error('two 2');`);
    expect(await output.line(/two (\d)/, signal)).toEqual(['two 2', '2']);
    expect(await output.line(/one (\d)/, signal)).toEqual(['one 1', '1']);
  });

  it('is quoted if the child ends too early', async () => {
    const output = outputOf(`console.error('The port is taken.'); process.exit(1);`);
    await expect(output.line(/listening on (\S+)/, signal)).rejects.toThrow(
      'ended before it was ready. It printed:\nThe port is taken.',
    );
  });

  it('is not waited for after the caller aborts', async () => {
    const output = outputOf('');
    await expect(output.line(/listening on (\S+)/, AbortSignal.abort())).rejects.toThrow(
      'in time. It printed nothing.',
    );
  });

  it('has the error if the program is missing', async () => {
    const output = new Output(spawn('/no/such/program'));
    await expect(output.line(/(x)/, signal)).rejects.toThrow('ENOENT');
  });
});
