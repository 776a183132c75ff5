import type { ReportForm, ReportLink, ReportLinks, ReportPart, Reports, StoredPart } from '../../../src/tasks/index.ts';

/** S3 refuses a smaller part, unless it is the last one. */
const PART_MIN_BYTES = 1_000;

/** Report objects in memory. */
export class MemoryReports implements Reports, ReportLinks {
  readonly objects = new Map<string, { readonly text: string; readonly form: ReportForm }>();
  readonly #uploads = new Map<string, { readonly form: ReportForm; readonly parts: Map<number, Buffer> }>();
  /** The size of the largest part that was ever stored. */
  largest = 0;

  async put(key: string, bytes: Uint8Array, form: ReportForm): Promise<void> {
    this.objects.set(key, { text: Buffer.from(bytes).toString(), form });
  }

  async begin(key: string, form: ReportForm): Promise<string> {
    const uploadId = `${key} ${this.#uploads.size}`;
    this.#uploads.set(uploadId, { form, parts: new Map() });
    return uploadId;
  }

  async putPart(_key: string, uploadId: string, number: number, bytes: Uint8Array): Promise<StoredPart> {
    this.largest = Math.max(this.largest, bytes.length);
    this.#uploads.get(uploadId)!.parts.set(number, Buffer.from(bytes));
    return { etag: `part ${number}`, crc32: `checksum ${number}` };
  }

  async complete(key: string, uploadId: string, parts: readonly ReportPart[]): Promise<void> {
    const { form, parts: stored } = this.#uploads.get(uploadId)!;
    const pieces = parts.map((_, index) => stored.get(index + 1)!);
    if (pieces.slice(0, -1).some(({ length }) => length < PART_MIN_BYTES)) throw new Error('EntityTooSmall');
    this.objects.set(key, { text: Buffer.concat(pieces).toString(), form });
  }

  async linkTo(key: string): Promise<ReportLink | undefined> {
    const stored = this.objects.get(key);
    return stored && { url: `https://reports.example.com/${key}`, bytes: Buffer.byteLength(stored.text) };
  }
}
