import type { Client } from '../../client/index.ts';
import type { Verification } from '../../src/contract/index.ts';

type Difference = Verification['differences'][number];

/** The recount of a whole file. */
export interface Verified {
  readonly taskFileId: string;
  readonly rows: number;
  readonly stored: number;
  readonly failed: number;
  readonly differing: number;
  /** The first differences. */
  readonly differences: readonly Difference[];
  readonly expected: Verification['expected'];
  /** Whether every row has exactly one of a task and a failure, and the sums equal the counts of the task file. */
  readonly isExact: boolean;
}

/** Recounts a file part by part, and adds up the parts. */
export async function verifyFile(client: Pick<Client, 'verifyTaskFile'>, id: string): Promise<Verified> {
  const pages: Verification[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.verifyTaskFile({ params: { id }, query: cursor === undefined ? {} : { cursor } });
    pages.push(page);
    ({ cursor } = page);
  } while (cursor !== undefined);
  return addUp(id, pages);
}

function addUp(taskFileId: string, pages: readonly Verification[]): Verified {
  const sum = (of: 'rows' | 'stored' | 'failed' | 'differing'): number =>
    pages.reduce((total, page) => total + page[of], 0);
  const expected = pages[0]?.expected ?? { recordCount: 0, processedCount: 0, failedCount: 0 };
  const found = { rows: sum('rows'), stored: sum('stored'), failed: sum('failed'), differing: sum('differing') };
  const isExact =
    found.differing === 0 &&
    found.rows === expected.recordCount &&
    found.stored === expected.processedCount &&
    found.failed === expected.failedCount;
  return { taskFileId, ...found, differences: pages.flatMap(({ differences }) => differences), expected, isExact };
}

const WORDS: Record<Difference['difference'], string> = {
  NEITHER: 'has neither a task nor a failure',
  BOTH: 'has a task and a failure',
};

/** Formats the receipt: the numbers, and each row that differs. */
export function formatReceipt({
  taskFileId,
  rows,
  stored,
  failed,
  differing,
  differences,
  expected,
  isExact,
}: Verified): string {
  const line = (name: string, found: number, said: number): string =>
    `  ${name.padEnd(10)}${String(found).padStart(12)}${found === said ? '' : `   the file says ${said}`}`;
  return [
    `Task file ${taskFileId} ${isExact ? 'is exact' : 'DIFFERS from what it says of itself'}:`,
    line('rows', rows, expected.recordCount),
    line('tasks', stored, expected.processedCount),
    line('failures', failed, expected.failedCount),
    ...differences.map(({ row, difference }) => `  row ${row} ${WORDS[difference]}`),
    ...(differing > differences.length ? [`  and ${differing - differences.length} rows more`] : []),
  ].join('\n');
}
