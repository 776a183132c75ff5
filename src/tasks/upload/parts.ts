import { PART_MIN_BYTES, PARTS_MAX } from '../../contract/index.ts';
import type { UploadedPart } from '../ports/uploads.ts';

const MIB = 1024 * 1024;

/** The parts of a file. All have the same size, except the last, which has the rest. */
export interface PartPlan {
  readonly count: number;
  /** Computes the size of a part. Numbers begin with 1. */
  readonly bytesOf: (number: number) => number;
}

/** Chooses the size of the parts of a file, so that there are at most a thousand. */
export const choosePartBytes = (fileBytes: number): number =>
  Math.max(PART_MIN_BYTES, Math.ceil(fileBytes / PARTS_MAX / MIB) * MIB);

export function planParts(fileBytes: number, partBytes: number): PartPlan {
  const count = Math.ceil(fileBytes / partBytes);
  return { count, bytesOf: (number) => (number < count ? partBytes : fileBytes - (count - 1) * partBytes) };
}

/** Describes the fault of each part that is missing or has the wrong size. */
export function findPartFaults({ count, bytesOf }: PartPlan, stored: readonly UploadedPart[]): readonly string[] {
  const lengths = new Map(stored.map(({ number, bytes }) => [number, bytes]));
  const faults: string[] = [];
  for (let number = 1; number <= count; number++) {
    const bytes = lengths.get(number);
    if (bytes === undefined) faults.push(`part ${number} is missing`);
    else if (bytes !== bytesOf(number)) faults.push(`part ${number} has ${bytes} bytes, not ${bytesOf(number)}`);
  }
  return faults;
}
