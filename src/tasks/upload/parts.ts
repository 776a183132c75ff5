import { PART_MIN_BYTES, PARTS_MAX } from '../../contract/index.ts';
import type { UploadedPart } from '../ports/uploads.ts';

const MIB = 1024 * 1024;

/** How a file comes in parts: all of `bytes` but the last, which has the rest. */
export interface PartPlan {
  readonly count: number;
  /** Of a part, from 1. */
  readonly bytesOf: (number: number) => number;
}

/** The size of the parts of a file, so that there are at most a thousand. */
export const choosePartBytes = (fileBytes: number): number =>
  Math.max(PART_MIN_BYTES, Math.ceil(fileBytes / PARTS_MAX / MIB) * MIB);

export function planParts(fileBytes: number, partBytes: number): PartPlan {
  const count = Math.ceil(fileBytes / partBytes);
  return { count, bytesOf: (number) => (number < count ? partBytes : fileBytes - (count - 1) * partBytes) };
}

/** What is wrong with each part that is not as planned. */
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
