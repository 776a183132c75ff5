import type { Bug } from './bug.ts';

const swept = (name: string, file: string, from: string, to: string, plans: Bug['plans'] = {}): Bug => ({
  name,
  edits: [{ file, from, to }],
  needsSweep: true,
  plans,
});

const WORKERS_STAND_STILL = { stall: { queue: 'batches', minutes: 20 } } as const;
const SPLITTERS_STAND_STILL = { stall: { queue: 'uploads', minutes: 20 } } as const;
const COMPLETERS_STAND_STILL = { stall: { queue: 'completions', minutes: 20 } } as const;
const MESSAGES_ARE_LOST = { ghosts: 0, faults: { lose: 10 } } as const;

/** The protections that keep the sweep from feeding a backlog, each taken away on its own. */
export const backlogBugs: readonly Bug[] = [
  swept(
    'the sweep sends messages again that still wait in a queue',
    'src/engine/sweep/recovery.ts',
    'return depth >= lacking && heldMilliseconds < SHALLOW_IS_BELIEVED_MILLISECONDS;',
    'return false;',
    WORKERS_STAND_STILL,
  ),
  swept(
    'the depth of a deep queue is trusted no longer than that of a shallow one',
    'src/engine/sweep/recovery.ts',
    'return heldMilliseconds < MESSAGES_LIVE_MILLISECONDS;',
    'return heldMilliseconds < SHALLOW_IS_BELIEVED_MILLISECONDS;',
    { stall: { queue: 'batches', minutes: 360 }, deepQueue: 1 },
  ),
  swept(
    'the depth of a deep queue is trusted without a limit',
    'src/engine/sweep/recovery.ts',
    'return heldMilliseconds < MESSAGES_LIVE_MILLISECONDS;',
    'return true;',
    { ...MESSAGES_ARE_LOST, ghosts: 1_000 },
  ),
  swept(
    'the depth of a shallow queue is trusted without a limit',
    'src/engine/sweep/recovery.ts',
    'return depth >= lacking && heldMilliseconds < SHALLOW_IS_BELIEVED_MILLISECONDS;',
    'return depth >= lacking;',
    { ...MESSAGES_ARE_LOST, ghosts: 100 },
  ),
  swept(
    'each sweep restarts the time for which a recovery is held back',
    'src/engine/sweep/recovery.ts',
    'hasProgress ? now : (heldSince ?? now)',
    'now',
    { ...MESSAGES_ARE_LOST, ghosts: 100 },
  ),
  swept(
    'every sweep announces a complete file again',
    'src/engine/sweep/sweep.ts',
    "return this.#recover(settled, 'settled', { queues: [{ depth: await depths.completions(), lacking }], send });",
    "void lacking; await send(); return 'settled';",
    COMPLETERS_STAND_STILL,
  ),
  swept(
    'a complete file is announced again although its event waits',
    'src/engine/sweep/sweep.ts',
    'depth: await depths.completions(), lacking }',
    'depth: 0 * lacking, lacking }',
    COMPLETERS_STAND_STILL,
  ),
  swept(
    'a complete file is announced again after half an hour',
    'src/engine/sweep/recovery.ts',
    'const SHALLOW_IS_BELIEVED_MILLISECONDS = HOUR;',
    'const SHALLOW_IS_BELIEVED_MILLISECONDS = HOUR / 2;',
    { stall: { queue: 'completions', minutes: 90 } },
  ),
  swept(
    'the sweep sends a continuation for a file whose upload event still waits',
    'src/engine/sweep/sweep.ts',
    'queues: [{ depth: await depths.continuations(), lacking: 1 }],',
    'queues: [{ depth: depths ? 0 : 1, lacking: 1 }],',
    SPLITTERS_STAND_STILL,
  ),
  swept(
    'the sweep sends a continuation for an object without a job at once',
    'src/engine/sweep/sweep.ts',
    "await jobOfObject(this.#rules, object);\n    return 'adopted';",
    "return this.#recover(await jobOfObject(this.#rules, object), 'adopted', {});",
    SPLITTERS_STAND_STILL,
  ),
  swept(
    'the sweep sends a continuation for a file that waited for its object at once',
    'src/engine/sweep/sweep.ts',
    "await jobOfObject(this.#rules, object);\n    return 'started';",
    "return this.#recover(await jobOfObject(this.#rules, object), 'started', {});",
    SPLITTERS_STAND_STILL,
  ),
  swept(
    'rows are sent again although the splitters are far behind',
    'src/engine/sweep/sweep.ts',
    '{ depth: await depths.continuations(), lacking: Infinity },',
    '',
    { ghosts: 0, deepQueue: 1, faults: { lose: 10, delay: 40, duplicate: 40 } },
  ),
  swept(
    'the sweep recovers a job every minute',
    'src/engine/sweep/recovery.ts',
    'FIRST_WAIT_MILLISECONDS * 2 ** (tries - 1)',
    'FIRST_WAIT_MILLISECONDS',
    MESSAGES_ARE_LOST,
  ),
  swept(
    'two sweeps at once both recover a job',
    'src/engine/sweep/sweep.ts',
    'if (!isNoted(next.recovery, noted)) return undefined;',
    'void isNoted;',
    MESSAGES_ARE_LOST,
  ),
  swept(
    'copies of recorded batches are processed again',
    'src/engine/process/process.ts',
    'works.filter((work) => !isRecordedCopy(job, work, segments));',
    'works; void isRecordedCopy;',
    MESSAGES_ARE_LOST,
  ),
  swept(
    'copies of earlier recoveries are processed',
    'src/engine/process/process.ts',
    'recovery !== undefined && recovery < resent && !isRepeated;',
    'recovery !== undefined && recovery < resent && recovery < 0 && !isRepeated;',
    { ghosts: 0, faults: { lose: 40, delay: 20 } },
  ),
  swept(
    'copies of the latest recovery are dropped',
    'src/engine/process/process.ts',
    'recovery !== undefined && recovery < resent && !isRepeated;',
    'recovery !== undefined && recovery <= resent && !isRepeated;',
    MESSAGES_ARE_LOST,
  ),
  swept(
    'a recovery is marked as sent before it is sent',
    'src/engine/split/fan-out.ts',
    'const rest = await resend(',
    'await this.#ports.jobs.markResent(job, recovery); const rest = await resend(',
    MESSAGES_ARE_LOST,
  ),
  swept(
    'the invocations of one recovery use different numbers',
    'src/engine/split/fan-out.ts',
    'from.nextBatch === 0 ? Math.max(asked, job.recovery?.number ?? 0) : asked;',
    'from && Math.max(asked, job.recovery?.number ?? 0);',
    { ghosts: 0, faults: { lose: 40, hurry: 80, delay: 20 } },
  ),
  swept(
    'the sweep starts a second chain of fan-outs for a file that made progress',
    'src/engine/split/fan-out.ts',
    'if (!isNeedless) await this.#split(job, deadline, recovery);',
    'await this.#split(job, deadline, isNeedless ? undefined : recovery);',
    { ...SPLITTERS_STAND_STILL, faults: { hurry: 80 } },
  ),
  swept(
    'two chains of fan-outs of one file both continue',
    'src/engine/split/fan-out.ts',
    "if (reading.end === 'overtaken' && recovery !== undefined && isBeingSplit(job)) return;",
    '',
    { stall: { queue: 'uploads', minutes: 90 }, faults: { hurry: 80 } },
  ),
  swept(
    'the listing moves on although an object of the page could not be adopted',
    'src/engine/sweep/sweep.ts',
    'if (isDone || page.tries >= PAGE_TRIES) await',
    'if (isDone || page.tries >= 0) await',
    { faults: { loseEvent: 60, errorBefore: 10 } },
  ),
  swept(
    'the listing moves on before the objects of the page are checked',
    'src/engine/sweep/sweep.ts',
    'const page = await this.#ports.listing.page(this.#rules.prefix);',
    'const page = await this.#ports.listing.page(this.#rules.prefix); await this.#ports.listing.turn(page);',
    { faults: { loseEvent: 60 } },
  ),
];
