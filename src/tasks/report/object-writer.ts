import { createHash } from 'node:crypto';
import type { ReportForm, ReportPart, Reports, StoredPart } from '../ports/reports.ts';

/** An unfinished object, with which another invocation can continue. */
export interface ObjectDraft {
  readonly uploadId: string;
  readonly parts: readonly ReportPart[];
}

/** A part as the summary of a report has it. */
export type WrittenPart = Omit<ReportPart, keyof StoredPart>;

/** Writes an object from pieces of text, with at most one part in memory. A short object takes a single call. */
export class ObjectWriter {
  readonly #reports: Reports;
  readonly #key: string;
  readonly #form: ReportForm;
  readonly #partBytes: number;
  readonly #parts: ReportPart[];
  #uploadId: string | undefined;
  #pieces: Buffer[] = [];
  #size = 0;

  constructor(reports: Reports, key: string, form: ReportForm, partBytes: number, draft?: ObjectDraft) {
    this.#reports = reports;
    this.#key = key;
    this.#form = form;
    this.#partBytes = partBytes;
    this.#parts = [...(draft?.parts ?? [])];
    this.#uploadId = draft?.uploadId;
  }

  /** The state from which another writer can continue; undefined while text is in memory or nothing is stored. */
  get draft(): ObjectDraft | undefined {
    return this.#size === 0 && this.#uploadId !== undefined
      ? { uploadId: this.#uploadId, parts: this.#parts }
      : undefined;
  }

  /** Adds text. Stores a part, and empties the memory, as soon as there is enough for one. */
  async write(text: string): Promise<void> {
    const piece = Buffer.from(text);
    this.#pieces.push(piece);
    this.#size += piece.length;
    if (this.#size < this.#partBytes) return;
    this.#uploadId ??= await this.#reports.begin(this.#key, this.#form);
    await this.#putPart(this.#uploadId);
  }

  /** Stores the rest. Resolves to the parts of the whole object. */
  async finish(): Promise<readonly WrittenPart[]> {
    if (this.#uploadId === undefined) {
      const bytes = this.#take();
      await this.#reports.put(this.#key, bytes, this.#form);
      return [{ bytes: bytes.length, sha256: hashHex(bytes) }];
    }
    if (this.#size > 0) await this.#putPart(this.#uploadId);
    await this.#reports.complete(this.#key, this.#uploadId, this.#parts);
    return this.#parts;
  }

  async #putPart(uploadId: string): Promise<void> {
    const bytes = this.#take();
    const stored = await this.#reports.putPart(this.#key, uploadId, this.#parts.length + 1, bytes);
    this.#parts.push({ ...stored, bytes: bytes.length, sha256: hashHex(bytes) });
  }

  #take(): Buffer {
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#size = 0;
    return bytes;
  }
}

const hashHex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
