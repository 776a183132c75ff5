import type { TaskFile, Warning } from '../contract/index.ts';
import { ignoredColumns, type IgnoredColumn, type Job } from '../engine/index.ts';
import { TASK_COLUMNS } from './row.ts';

/** What is odd about a file, and what its reader decided without being asked, in words. */
export function warningsOf(job: Job): Pick<TaskFile, 'warnings'> {
  const { header } = job;
  const ofHeader = header ? [...columnsIgnored(header), ...linesSkipped(job), ...encodingAssumed(job)] : [];
  const warnings = [...sameContent(job), ...ofHeader];
  return warnings.length > 0 ? { warnings } : {};
}

const SECOND_TASKS =
  'Each good row becomes a second task. ' +
  'To bring in failed rows alone, upload the fix file; to repeat a request safely, send it with an Idempotency-Key.';

function sameContent({ sameAs, similarTo }: Job): Warning[] {
  if (sameAs !== undefined) {
    const message = `The same bytes came before, as task file ${sameAs}. ${SECOND_TASKS}`;
    return [{ code: 'SAME_CONTENT', message }];
  }
  if (similarTo !== undefined) {
    const message = `Most of the first rows came before, in task file ${similarTo}. ${SECOND_TASKS}`;
    return [{ code: 'SAME_ROWS', message }];
  }
  return [];
}

const NAMED_MAX = 5;
const NAME_MAX = 100;

function columnsIgnored(header: readonly string[]): Warning[] {
  const ignored = ignoredColumns(header, TASK_COLUMNS);
  if (ignored.length === 0) return [];
  const columns = ignored.slice(0, NAMED_MAX).map(({ name, ...meant }) => ({ name: shown(name), ...meant }));
  const more = ignored.length > columns.length ? `, and ${ignored.length - columns.length} more` : '';
  const one = ignored.length === 1;
  const message =
    `${ignored.length} ${one ? 'column was' : 'columns were'} ignored: ${columns.map(inWords).join(', ')}${more}. ` +
    `These are known: ${TASK_COLUMNS.map(({ name }) => name).join(', ')}. With strict=true such a file is refused.`;
  return [{ code: 'COLUMNS_IGNORED', message, columns }];
}

const inWords = ({ name, likely }: IgnoredColumn): string =>
  likely === undefined ? `"${name}"` : `"${name}" (did you mean ${likely}?)`;

const shown = (name: string): string =>
  name.length <= NAME_MAX ? name.toWellFormed() : `${name.slice(0, NAME_MAX).toWellFormed()}…`;

const linesSkipped = ({ format: { skippedLines } }: Job): Warning[] =>
  skippedLines === undefined
    ? []
    : [
        {
          code: 'LINES_SKIPPED',
          message: `The header was found in line ${skippedLines + 1}; ${skippedLines === 1 ? 'the line before it was' : `the ${skippedLines} lines before it were`} skipped.`,
        },
      ];

const encodingAssumed = ({ format, options }: Job): Warning[] =>
  format.encoding === 'windows-1252' && options?.encoding === undefined
    ? [
        {
          code: 'ENCODING_ASSUMED',
          message:
            'The file is not UTF-8 and was read as Windows-1252. If letters look wrong, upload it again with its encoding, such as encoding=windows-1251.',
        },
      ]
    : [];
