import type { Column } from './definition.ts';
import type { Job } from './job.ts';
import type { Refusal } from './outcome.ts';
import { cellsOfLine } from './reader/json-lines.ts';

/**
 * The cells of an item in the order of its job's header, or why it has none: JSON Lines are kept as the line that was read. The
 * values of `columns` must not be nested.
 */
export const cellsOf = (
  { format, header = [], options }: Pick<Job, 'format' | 'header' | 'options'>,
  asRead: readonly string[],
  columns: readonly Column[] = [],
): readonly string[] | Refusal =>
  format.type === 'jsonl'
    ? cellsOfLine(header, asRead[0]!, { plain: columns.map(({ name }) => name), isStrict: options?.strict === true })
    : asRead;
