import { TaskError } from '../errors.ts';

/** What a caller demands of the version of a task; nothing, if both are absent. */
export interface Preconditions {
  /** It must be one of these. */
  readonly ifVersions?: readonly number[];
  /** It must be none of these; `any`: there must be no task. */
  readonly unlessVersions?: readonly number[] | 'any';
}

export const isExcluded = (version: number, { unlessVersions = [] }: Preconditions): boolean =>
  unlessVersions === 'any' || unlessVersions.includes(version);

/** @throws TaskError PRECONDITION_FAILED */
export function requireVersion(version: number, preconditions: Preconditions): void {
  const { ifVersions } = preconditions;
  if (ifVersions && !ifVersions.includes(version)) {
    const asked = ifVersions.map((one) => `"${one}"`).join(', ') || 'none';
    throw failed(`The task is at version "${version}", If-Match asks for ${asked}. Read it again and decide anew.`);
  }
  if (isExcluded(version, preconditions)) {
    throw failed(`The task is there, at version "${version}", which If-None-Match excludes.`);
  }
}

const failed = (message: string): TaskError => new TaskError('PRECONDITION_FAILED', message);
