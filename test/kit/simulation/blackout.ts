import type { Waiting } from './process.ts';

const MINUTE = 60_000;

/** The tasks store is out for a long time, measured on the clock of the world and not in choices. */
export interface PlannedBlackout {
  readonly minutes: number;
  /** Of the keys: `some` fails every call that names a task whose id ends with an even digit. */
  readonly reach: 'all' | 'some';
  /** What is stored can still be read. */
  readonly writesOnly: boolean;
}

const READS: ReadonlySet<string> = new Set(['tasks.read', 'tasks.readMany', 'tasks.list']);

export class Blackout {
  readonly #until: number;
  readonly #planned: PlannedBlackout;

  constructor(planned: PlannedBlackout, from: number) {
    this.#until = from + planned.minutes * MINUTE;
    this.#planned = planned;
  }

  strikes({ call, args }: Waiting, now: number): boolean {
    if (now >= this.#until || !call.startsWith('tasks.')) return false;
    const { reach, writesOnly } = this.#planned;
    if (writesOnly && READS.has(call)) return false;
    return reach === 'all' || idsOf(args[1]).some((id) => Number.parseInt(id.slice(-1), 16) % 2 === 0);
  }
}

/** A call names rows, ids or one id, behind the tenant. */
const idsOf = (named: unknown): string[] =>
  (Array.isArray(named) ? named : [named]).map((one) => (typeof one === 'string' ? one : String(one?.id)));
