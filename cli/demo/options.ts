import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readOptionsText, explainIssue, type ReadOptions } from '../../src/contract/index.ts';
import { UsageError } from '../command.ts';
import { pathFromHere } from './here.ts';

/** The options as commander reads them from the command line. */
export interface DemoOptionTexts {
  readonly json?: boolean;
  readonly fixFile?: string;
  readonly timeZone?: string;
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly nullWords?: string;
  readonly strict?: boolean;
}

export interface DemoOptions {
  readonly json: boolean;
  /** The path of the fix file, which does not exist yet. */
  readonly fixFile?: string;
  /** The options of the upload. */
  readonly reading: ReadOptions;
}

/**
 * Checks the options before anything starts.
 * @throws UsageError
 */
export async function readDemoOptions({ json = false, fixFile, ...texts }: DemoOptionTexts): Promise<DemoOptions> {
  const reading = parseReadOptions(texts);
  if (fixFile === undefined) return { json, reading };
  const path = pathFromHere(fixFile);
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) throw new UsageError(`${path} exists already. Name a new file with --fix-file.`);
  const canBeWritten = await access(dirname(path), constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!canBeWritten)
    throw new UsageError(`The folder ${dirname(path)} is not writable. Name another folder with --fix-file.`);
  return { json, fixFile: path, reading };
}

function parseReadOptions({ strict, ...texts }: Omit<DemoOptionTexts, 'json' | 'fixFile'>): ReadOptions {
  const asked = readOptionsText.safeParse({ ...texts, ...(strict && { strict: 'true' }) }, { error: explainIssue });
  if (asked.success) return asked.data;
  const wrong = asked.error.issues.map(({ path, message }) => `${toOptionName(String(path[0]))}: ${message}.`);
  throw new UsageError(wrong.join('\n'));
}

/** Turns `timeZone` into `--time-zone`. */
const toOptionName = (name: string): string => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
