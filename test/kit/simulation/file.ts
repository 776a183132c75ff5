import { createHash } from 'node:crypto';
import { jobIdOfObject, jobIdOfRequest, sourceKey, type Tolerance } from '../../../src/engine/index.ts';
import type { PlannedFile, PlannedRow } from './plan.ts';

export const TENANT = 'default';
export const BUCKET = 'uploads-bucket';
export const PREFIX = 'uploads/';

/** The title of a row over which its worker dies, and the detail that newer rules refuse. */
export const KILLER = 'killer';
export const OUTDATED = 'outdated';

/** One version of an object, with what decides how its job must end. */
export interface Target {
  readonly jobId: string;
  readonly key: string;
  readonly fileName: string;
  readonly text: string;
  readonly rows: readonly PlannedRow[];
  readonly way: 'uploaded' | 'put';
  readonly defect?: string;
  readonly tolerance?: Tolerance;
  /** Another version was stored under its key, so this one may never have been read. */
  isReplaced: boolean;
  /** A caller asked to cancel it. */
  isCancelled: boolean;
}

export function targetOf({ way, rows, defect, tolerance }: PlannedFile, number: number): Target {
  const fileName = `tasks-${number}.csv`;
  const text = textOf(rows, defect);
  const requested = jobIdOfRequest(TENANT, `request-${number}`);
  const key =
    way === 'put' ? `${PREFIX}people/${fileName}` : sourceKey(PREFIX, { tenant: TENANT, jobId: requested }, fileName);
  return {
    jobId: way === 'put' ? jobIdOfObject(BUCKET, key, etagOf(text)) : requested,
    key,
    fileName,
    text,
    rows,
    way,
    isReplaced: false,
    isCancelled: false,
    ...(defect && { defect }),
    ...(tolerance && { tolerance }),
  };
}

/** Returns the version with which a caller replaces an object. */
export function replacementOf({ key, fileName, rows, way }: Target): Target {
  const fewer = rows.slice(1);
  const text = `${textOf(fewer)}\n`;
  const jobId = jobIdOfObject(BUCKET, key, etagOf(text));
  // An upload that is repeated because no response came puts its own version back.
  return { jobId, key, fileName, text, rows: fewer, way: 'put', isReplaced: way === 'uploaded', isCancelled: false };
}

/** Returns the title that the task of a row has. */
export const titleOf = ({ form, isKiller }: PlannedRow, index: number): string =>
  `${isKiller ? KILLER : 'row'} ${index}${form === 'multiline' ? '\nand more' : ''}${form === 'quoted' ? ', quoted' : ''}`;

function textOf(rows: readonly PlannedRow[], defect?: PlannedFile['defect']): string {
  if (defect === 'EMPTY_FILE') return '';
  const lines = rows.map((row, index) => {
    const title = row.form === 'blank' ? ' ' : row.form === 'plain' ? titleOf(row, index) : `"${titleOf(row, index)}"`;
    return `${title},${row.isOutdated ? OUTDATED : ''}`;
  });
  const header = defect === 'MISSING_COLUMN' ? 'name,detail' : 'title,detail';
  return [header, ...lines, ...(defect === 'UNCLOSED_QUOTE' ? ['"never closed,'] : [])].join('\r\n');
}

const etagOf = (text: string): string => createHash('md5').update(text).digest('hex');
