import { SourceError, type PinnedSource, type ReceivedObject } from '../../../src/engine/index.ts';
import { MemoryJobs, MemoryLedger, MemoryObjects, MemoryTasks, MemoryTries } from '../memory/index.ts';
import { BUCKET } from './file.ts';

export interface VirtualClock {
  now(): number;
}

/** Objects that tell of each version stored, one to a page of the listing. */
export class TellingObjects extends MemoryObjects {
  readonly #notify: (object: ReceivedObject) => void;

  constructor(pieceBytes: number, notify: (object: ReceivedObject) => void) {
    super(pieceBytes, { bucket: BUCKET, objectsPerPage: 1 });
    this.#notify = notify;
  }

  override async put(key: string, bytes: Uint8Array): Promise<void> {
    await super.put(key, bytes);
    this.#notify({ bucket: BUCKET, key, ...this.version(key) });
  }

  /** An empty object is looked up too, as a ranged read of one would be. */
  override async *open(source: PinnedSource, fromByte: number): AsyncGenerator<Uint8Array> {
    if (this.read(source.key)?.etag !== source.etag) {
      throw new SourceError('SOURCE_CHANGED', 'The object was replaced.');
    }
    yield* super.open(source, fromByte);
  }
}

/** What a world keeps, whoever dies. */
export class Stores {
  readonly tasks = new MemoryTasks();
  readonly tries = new MemoryTries();
  readonly jobs: MemoryJobs;
  readonly ledger: MemoryLedger;
  readonly objects: TellingObjects;

  constructor(clock: VirtualClock, pieceBytes: number, notify: (object: ReceivedObject) => void) {
    this.jobs = new MemoryJobs(clock);
    this.ledger = new MemoryLedger(clock);
    this.objects = new TellingObjects(pieceBytes, notify);
  }
}
