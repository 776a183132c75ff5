import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Goal } from './goals.ts';
import type { Result } from './result.ts';

/**
 * Writes result and goals as JSON and returns the path of the file. A full run is the run of record, which git keeps.
 */
export async function save(result: Result, goals: readonly Goal[]): Promise<string> {
  const folder = join(import.meta.dirname, 'results');
  await mkdir(folder, { recursive: true });
  const file = join(folder, toFileName(result));
  await writeFile(file, `${JSON.stringify({ ...result, goals }, null, 2)}\n`);
  return file;
}

export const toFileName = ({ at, scope, state }: Pick<Result, 'at' | 'scope' | 'state'>): string =>
  scope.name === 'full' ? `record-${at.slice(0, 10)}-${state}.json` : `${at.replaceAll(':', '-')}.json`;
