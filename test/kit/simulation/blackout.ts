import type { Waiting } from './process.ts';

const MINUTE = 60_000;

/**
 * A store is out for a long time, measured on the clock of the world and not in choices: that of tasks, or that of
 * objects.
 */
export interface PlannedBlackout {
  readonly store: 'tasks' | 'objects';
  readonly minutes: number;
  /** Of the keys of tasks: `some` fails every call that names a task whose id ends with an even digit. */
  readonly reach: 'all' | 'some';
  /** Tasks that are stored can still be read. */
  readonly writesOnly: boolean;
}

/** What a splitter needs of it; an upload fails at once, to whoever uploads. */
const OBJECT_PORTS: ReadonlySet<string> = new Set(['sources', 'manifests']);

const READS: ReadonlySet<string> = new Set(['tasks.read', 'tasks.readMany', 'tasks.list']);

export class Blackout {
  readonly #until: number;
  readonly #planned: PlannedBlackout;

  constructor(planned: PlannedBlackout, from: number) {
    this.#until = from + planned.minutes * MINUTE;
    this.#planned = planned;
  }

  strikes({ call, args }: Waiting, now: number): boolean {
    const { store, reach, writesOnly } = this.#planned;
    if (now >= this.#until) return false;
    if (store === 'objects') return OBJECT_PORTS.has(call.split('.')[0]!);
    if (!call.startsWith('tasks.')) return false;
    if (writesOnly && READS.has(call)) return false;
    return reach === 'all' || idsOf(args[1]).some((id) => Number.parseInt(id.slice(-1), 16) % 2 === 0);
  }
}

/** A call names rows, ids or one id, behind the tenant. */
const idsOf = (named: unknown): string[] =>
  (Array.isArray(named) ? named : [named]).map((one) => (typeof one === 'string' ? one : String(one?.id)));
