import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Output } from './output.ts';

/** On a fresh clone, starting includes bundling and synthesizing, perhaps on a slow machine. */
const START_LIMIT_MS = 15 * 60_000;
const STOP_LIMIT_MS = 60_000;

/** A whole Task Service on this machine that keeps nothing, and stops when it goes out of scope. */
export interface Stack extends AsyncDisposable {
  readonly baseUrl: string;
}

export async function startStack(signal: AbortSignal): Promise<Stack> {
  const root = join(import.meta.dirname, '..', '..');
  const child = spawn(process.execPath, ['local/main.ts', '--in-memory', '--port', '0'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    // The stack has its own process group, so that Ctrl-C reaches only this process, which then stops the stack in
    // order.
    detached: true,
  });
  // The last resort if this process ends without disposal.
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const output = new Output(child);
  const stop = async (): Promise<void> => {
    await stopChild(child);
    process.off('exit', kill);
  };
  try {
    const [, baseUrl] = await output.line(/Task Service listening on (http:\/\/\S+)/, limit(signal));
    return { baseUrl, [Symbol.asyncDispose]: stop };
  } catch (error) {
    // The caller never gets this stack, so it must stop here.
    await stop();
    throw error;
  }
}

const limit = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(START_LIMIT_MS)]);

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGINT');
  const tooLong = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await exited;
  clearTimeout(tooLong);
}
