import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FunctionLogs } from '../../local/runtime/function-logs.ts';
import type { InvocationReport } from '../../local/runtime/invocation.ts';
import { Runtime } from '../../local/runtime/runtime.ts';
import { SandboxBudget } from '../../local/runtime/sandbox-budget.ts';
import { throwAwayStack, type ThrowAwayStack } from './throw-away-stack.ts';

const COUNTING = 'let n = 0; export const handler = async (event) => ({ n: ++n, event });';

const MIB = 1024 * 1024;

/** Responds once as many invocations as `together` have begun. */
const MEETING = `
  import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
  import { join } from 'node:path';
  export const handler = async ({ folder, name, together }) => {
    mkdirSync(join(folder, 'meeting'), { recursive: true });
    writeFileSync(join(folder, 'meeting', name), '');
    while (readdirSync(join(folder, 'meeting')).length < together) await new Promise((resolve) => setTimeout(resolve, 5));
    return 'met';
  };`;

const functions = {
  Count: { code: COUNTING },
  Warm: { code: COUNTING },
  Sandbox: {
    code: `export const handler = async (event, context) => ({
      env: process.env, remaining: context.getRemainingTimeInMillis(), context });`,
    environment: { TASKS_TABLE_NAME: 'Tasks' },
    memoryMb: 256,
  },
  Shape: { code: `export const handler = async () => ({ at: new Date(0), gone: undefined, none: null });` },
  Nothing: { code: `export const handler = async () => {};` },
  Throw: {
    code: `class RowError extends Error { name = 'RowError' } export const handler = async () => { throw new RowError('no') };`,
  },
  ThrowText: { code: `export const handler = async () => { throw 'just text' };` },
  Uncaught: {
    code: `let n = 0; export const handler = async (die) => {
      if (die) { setImmediate(() => { throw new Error('never caught') }); await new Promise(() => {}); }
      return ++n; };`,
  },
  Exit: { code: `let n = 0; export const handler = async (die) => { if (die) process.exit(3); return ++n; };` },
  Slow: {
    code: `export const handler = async (die) => { if (die) await new Promise(() => {}); return 1; };`,
    timeoutSeconds: 2,
  },
  Spin: { code: `export const handler = async (die) => { while (die); return 1; };`, timeoutSeconds: 2 },
  Greedy: {
    code: `export const handler = async () => { const all = []; for (;;) all.push(new Array(1e5).fill({})); };`,
    memoryMb: 64,
  },
  Callback: { code: `export const handler = (event, context, callback) => callback(null, 1);` },
  Missing: { code: `export const main = async () => 1;` },
  Broken: { code: `throw new TypeError('bad module');` },
  Unloaded: {
    code: `await new Promise((resolve) => setTimeout(resolve, 3_600_000)); export const handler = async () => 1;`,
  },
  Huge: { code: `export const handler = async (n) => 'x'.repeat(n);` },
  Circular: { code: `export const handler = async () => { const a = {}; a.a = a; return a; };` },
  Keep: {
    code: `const kept = []; export const handler = async (mib) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      kept.push(Buffer.alloc(mib * 1024 * 1024));
    };`,
  },
  Litter: {
    code: `export const handler = async () => {
      for (let round = 0; round < 20; round++) {
        Buffer.alloc(10 * 1024 * 1024);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };`,
  },
  Linger: {
    code: `export const handler = async (event, context) => {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return context.getRemainingTimeInMillis();
    };`,
    timeoutSeconds: 1,
  },
  SlowStart: {
    code: `import { appendFileSync } from 'node:fs';
      import { join } from 'node:path';
      const note = (word) => appendFileSync(join(import.meta.dirname, 'starts'), word + ' ');
      note('begin');
      await new Promise((resolve) => setTimeout(resolve, 100));
      note('end');
      export const handler = async () => new Promise((resolve) => setTimeout(resolve, 50, 'done'));`,
  },
  Meet: { code: MEETING },
  MeetToo: { code: MEETING },
  Wait: { code: `export const handler = async () => new Promise((resolve) => setTimeout(resolve, 50, 'done'));` },
};

describe('a function in its sandbox', () => {
  let own: ThrowAwayStack;
  let runtime: Runtime;
  const lines: string[] = [];

  beforeAll(async () => {
    own = await throwAwayStack({ functions });
    runtime = new Runtime(own.stack, new FunctionLogs({ terminal: (line) => lines.push(line) }));
  });
  afterAll(async () => {
    await runtime.stop();
    await own[Symbol.asyncDispose]();
  });

  const invoke = (name: keyof typeof functions, event: unknown = null) => runtime.invoke(name, event);
  const typeOf = async (name: keyof typeof functions, event: unknown = null) => {
    const result = await invoke(name, event);
    return 'error' in result ? result.error.type : result;
  };

  it('responds, and stays warm for the next event', async () => {
    expect(await invoke('Warm', { a: [1, 'zwei'] })).toEqual({ ok: { n: 1, event: { a: [1, 'zwei'] } } });
    expect(await invoke('Warm')).toEqual({ ok: { n: 2, event: null } });
  });

  it('handles one event at a time per worker', async () => {
    const results = await Promise.all(Array.from({ length: 4 }, () => invoke('Wait')));
    expect(results).toEqual(Array.from({ length: 4 }, () => ({ ok: 'done' })));
  });

  it('sees its own environment and nothing of the host', async () => {
    process.env['AWS_PROFILE'] = 'production';
    const result = await invoke('Sandbox');
    delete process.env['AWS_PROFILE'];
    expect(result).toMatchObject({
      ok: {
        env: {
          TASKS_TABLE_NAME: 'Tasks',
          AWS_REGION: 'us-east-1',
          AWS_LAMBDA_FUNCTION_NAME: 'local-Sandbox',
          AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
          AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9',
          AWS_ACCESS_KEY_ID: 'KEYSandbox',
        },
        context: { functionName: 'local-Sandbox', memoryLimitInMB: '256', awsRequestId: expect.any(String) },
      },
    });
    expect(result).not.toHaveProperty('ok.env.AWS_PROFILE');
    expect(result).not.toHaveProperty('ok.env.PATH');
    expect(result).not.toHaveProperty('ok.env.HOME');
  });

  it('knows how much of its time is left', async () => {
    const result = await invoke('Sandbox');
    const remaining = 'ok' in result ? (result.ok as { remaining: number }).remaining : NaN;
    expect(remaining).toBeGreaterThan(0);
    expect(remaining).toBeLessThanOrEqual(10_000);
  });

  it('responds with its result as JSON has it', async () => {
    expect(await invoke('Shape')).toEqual({ ok: { at: '1970-01-01T00:00:00.000Z', none: null } });
    expect(await invoke('Nothing')).toEqual({ ok: null });
  });

  it('reports what the handler throws, and stays warm', async () => {
    expect(await invoke('Throw')).toMatchObject({ error: { type: 'RowError', message: 'no' } });
    expect(await invoke('ThrowText')).toMatchObject({ error: { type: 'string', message: 'just text' } });
    expect(await typeOf('Circular')).toBe('TypeError');
  });

  it.each([
    ['an uncaught exception', 'Uncaught', 'Error'],
    ['process.exit', 'Exit', 'Runtime.ExitError'],
    ['a handler that never responds', 'Slow', 'Sandbox.Timedout'],
    ['an endless loop', 'Spin', 'Sandbox.Timedout'],
  ] as const)('fails on %s, and starts again for the next event', async (_, name, type) => {
    await invoke(name, false);
    expect(await typeOf(name, true)).toBe(type);
    expect(await invoke(name, false)).toEqual({ ok: 1 });
  });

  it('reports a timeout in the words of Lambda', async () => {
    expect(await invoke('Slow', true)).toMatchObject({ error: { message: 'Task timed out after 2.00 seconds' } });
  });

  it('may run longer on a slow machine, where its remaining time passes more slowly', async () => {
    const patient = new Runtime(own.stack, new FunctionLogs({}), { timeFactor: 1_000 });
    const result = await patient.invoke('Linger', null);
    await patient.stop();
    expect(result).toEqual({ ok: expect.any(Number) });
    const left = 'ok' in result ? Number(result.ok) : NaN;
    expect(left).toBeLessThan(1_000);
    expect(left).toBeGreaterThan(500);
  });

  it('that never loads ends after the time of a start and an invocation', async () => {
    const hurried = new Runtime(own.stack, new FunctionLogs({}), { timeFactor: 0.01 });
    const result = await hurried.invoke('Unloaded', null);
    await hurried.stop();
    expect(result).toMatchObject({
      error: { type: 'Sandbox.Timedout', message: expect.stringMatching(/after 20\.00 seconds/) },
    });
  });

  it('fails out of memory without ending the host', async () => {
    expect(await typeOf('Greedy')).toBe('Runtime.OutOfMemory');
  });

  it.each([
    ['a handler with three parameters', 'Callback', 'Runtime.CallbackHandlerDeprecated'],
    ['a missing handler', 'Missing', 'Runtime.HandlerNotFound'],
    ['a module that throws', 'Broken', 'TypeError'],
  ] as const)('refuses %s at its start, each time', async (_, name, type) => {
    expect(await typeOf(name)).toBe(type);
    expect(await typeOf(name)).toBe(type);
  });

  it('enforces the 6 MB limit for event and response', async () => {
    const MIB = 1024 * 1024;
    expect(await typeOf('Huge', 6 * MIB)).toBe('Function.ResponseSizeTooLarge');
    expect(await typeOf('Huge', 'x'.repeat(6 * MIB))).toBe('RequestEntityTooLargeException');
  });

  it('starts cold after a crash', async () => {
    await invoke('Count');
    expect(await runtime.crash('Count')).toBe(1);
    expect(await invoke('Count')).toEqual({ ok: { n: 1, event: null } });
  });

  it('starts no more sandboxes at once than there are processors', async () => {
    const results = await Promise.all(Array.from({ length: 8 }, () => invoke('SlowStart')));
    expect(results).toEqual(Array.from({ length: 8 }, () => ({ ok: 'done' })));
    const journal = await readFile(join(own.folder, 'SlowStart', 'starts'), 'utf8');
    let starting = 0;
    const together = journal
      .trim()
      .split(' ')
      .map((word) => (starting += word === 'begin' ? 1 : -1));
    expect(together.length).toBeGreaterThan(2);
    expect(Math.max(...together)).toBeLessThanOrEqual(availableParallelism());
  });

  it('ends the sandbox that has been idle the longest when the budget is used up', async () => {
    const small = new Runtime(own.stack, new FunctionLogs({}), undefined, new SandboxBudget(2));
    const countOf = async (name: 'Count' | 'Warm' | 'Shape'): Promise<unknown> => {
      const result = await small.invoke(name, null);
      return 'ok' in result && (result.ok as { n?: number }).n;
    };
    expect([await countOf('Count'), await countOf('Warm'), await countOf('Count')]).toEqual([1, 1, 2]);
    await countOf('Shape');
    // Shape replaced Warm. Then Warm replaces Count, which starts again.
    expect([await countOf('Count'), await countOf('Warm'), await countOf('Shape'), await countOf('Count')]).toEqual([
      3,
      1,
      undefined,
      1,
    ]);
    await small.stop();
  });

  it('runs the first sandbox of every function beyond the budget, but no second one', async () => {
    const small = new Runtime(own.stack, new FunctionLogs({}), undefined, new SandboxBudget(1));
    const meet = (name: 'Meet' | 'MeetToo') => small.invoke(name, { folder: own.folder, name, together: 2 });
    // Each waits for the other. Both events of Count use the same sandbox.
    const counts = [small.invoke('Count', null), small.invoke('Count', null)];
    expect(await Promise.all([meet('Meet'), meet('MeetToo')])).toEqual([{ ok: 'met' }, { ok: 'met' }]);
    expect(await Promise.all(counts)).toEqual([{ ok: { n: 1, event: null } }, { ok: { n: 2, event: null } }]);
    await small.stop();
  });

  it('is measured if reports are requested', async () => {
    const reports: InvocationReport[] = [];
    const measuring = new Runtime(own.stack, new FunctionLogs({}), { onReport: (report) => reports.push(report) });
    const heldMib = (): number => (reports.at(-1)?.heldBytes ?? 0) / MIB;
    await measuring.invoke('Throw', null);
    expect(reports).toMatchObject([{ functionLogicalId: 'Throw' }]);
    await measuring.invoke('Keep', 0);
    expect(reports[1]?.functionLogicalId).toBe('Keep');
    expect(reports[1]?.milliseconds).toBeGreaterThanOrEqual(19);
    expect(heldMib()).toBeGreaterThan(1);
    expect(heldMib()).toBeLessThan(100);
    await measuring.invoke('Keep', 200);
    while (heldMib() < 200) await measuring.invoke('Keep', 0);
    await measuring.invoke('Litter', null);
    expect(reports.at(-1)?.functionLogicalId).toBe('Litter');
    expect(heldMib()).toBeLessThan(100);
    await measuring.stop();
  });

  it('reports each error to the terminal once', () => {
    const about = (name: string, text: string) =>
      lines.filter((line) => line.includes(`[local-${name}]`) && line.includes(text));
    expect(about('ThrowText', 'just text')).toHaveLength(1);
    expect(about('Slow', 'Task timed out')).toHaveLength(2);
    expect(about('Uncaught', 'never caught')).toHaveLength(1);
    expect(about('Exit', 'exit status 3')).toHaveLength(1);
    expect(about('Count', '')).toHaveLength(0);
  });

  it('names the known functions if it is unknown', async () => {
    await expect(runtime.invoke('Unknown', {})).rejects.toThrow(
      'There is no function "Unknown" in the stack. It has: Count.',
    );
  });
});
