import { TaskError } from '../errors.ts';

/** A caller's conditions on the version of a task. */
export interface Preconditions {
  /** The version must be one of these. */
  readonly ifVersions?: readonly number[];
  /** The version must be none of these. `any`: there must be no task. */
  readonly unlessVersions?: readonly number[] | 'any';
}

export const isExcluded = (version: number, { unlessVersions = [] }: Preconditions): boolean =>
  unlessVersions === 'any' || unlessVersions.includes(version);

/** @throws TaskError PRECONDITION_FAILED */
export function requireVersion(version: number, preconditions: Preconditions): void {
  const { ifVersions } = preconditions;
  if (ifVersions && !ifVersions.includes(version)) {
    const asked = ifVersions.map((one) => `"${one}"`).join(', ') || 'none';
    throw failed(
      `If-Match is ${asked}, but the task has version "${version}". Read the task again and repeat the request with its ETag.`,
    );
  }
  if (isExcluded(version, preconditions)) {
    throw failed(`The task has version "${version}", which If-None-Match excludes.`);
  }
}

const failed = (message: string): TaskError => new TaskError('PRECONDITION_FAILED', message);
