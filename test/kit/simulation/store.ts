import { SourceError, type PinnedSource, type ReceivedObject } from '../../../src/engine/index.ts';
import { MemoryJobs, MemoryLedger, MemoryObjects, MemoryTasks, MemoryTries } from '../memory/index.ts';
import { BUCKET } from './file.ts';

export interface VirtualClock {
  now(): number;
}

/** Objects that send an event for each version that is stored. Each page of their listing has one object. */
export class NotifyingObjects extends MemoryObjects {
  readonly #notify: (object: ReceivedObject) => void;

  constructor(pieceBytes: number, notify: (object: ReceivedObject) => void) {
    super(pieceBytes, { bucket: BUCKET, objectsPerPage: 1 });
    this.#notify = notify;
  }

  override async put(key: string, bytes: Uint8Array): Promise<void> {
    await super.put(key, bytes);
    this.#notify({ bucket: BUCKET, key, ...this.version(key) });
  }

  /** An empty object is looked up too, as a ranged read does. */
  override async *open(source: PinnedSource, fromByte: number): AsyncGenerator<Uint8Array> {
    if (this.read(source.key)?.etag !== source.etag) {
      throw new SourceError('SOURCE_CHANGED', 'The object was replaced.');
    }
    yield* super.open(source, fromByte);
  }
}

/** The stores of a world. They survive the death of any process. */
export class Stores {
  readonly tasks = new MemoryTasks();
  readonly tries = new MemoryTries();
  readonly jobs: MemoryJobs;
  readonly ledger: MemoryLedger;
  readonly objects: NotifyingObjects;

  constructor(clock: VirtualClock, pieceBytes: number, notify: (object: ReceivedObject) => void) {
    this.jobs = new MemoryJobs(clock);
    this.ledger = new MemoryLedger(clock);
    this.objects = new NotifyingObjects(pieceBytes, notify);
  }
}
