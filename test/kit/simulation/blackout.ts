import type { Waiting } from './process.ts';

const MINUTE = 60_000;

/**
 * An outage of the store of tasks or of the store of objects. It lasts long, and is measured on the clock of the world
 * and not in choices.
 */
export interface PlannedBlackout {
  readonly store: 'tasks' | 'objects';
  readonly minutes: number;
  /** The tasks that are affected: `some` fails every call that names a task whose id ends with an even digit. */
  readonly reach: 'all' | 'some';
  /** Reads of stored tasks still succeed. */
  readonly writesOnly: boolean;
}

/** The object ports that a splitter needs. Uploads are left out: they would fail at once, and the caller sees that. */
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

/** Returns the ids that a call names after the tenant: those of rows, several ids, or one. */
const idsOf = (named: unknown): string[] =>
  (Array.isArray(named) ? named : [named]).map((one) => (typeof one === 'string' ? one : String(one?.id)));
