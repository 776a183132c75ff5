import type { TaskFile, Warning } from '../../contract/index.ts';
import { beginsNameless, columnsInWords, ignoredColumns, shownColumns, type Job } from '../../engine/index.ts';
import { TASK_COLUMNS } from '../model/row.ts';

/** Collects what a caller should check about a file: repeated content, and what its reader decided by itself. */
export function collectWarnings(job: Job): Pick<TaskFile, 'warnings'> {
  const { header } = job;
  const ofHeader = header
    ? [...columnsIgnored(header), ...rowNamesIgnored(header), ...linesSkipped(job), ...encodingAssumed(job)]
    : [];
  const warnings = [...sameContent(job), ...ofHeader];
  return warnings.length > 0 ? { warnings } : {};
}

const SECOND_TASKS = 'Each good row becomes a second task. To import only the failed rows, upload the fix file.';

function sameContent({ sameAs, similarTo }: Job): Warning[] {
  if (sameAs !== undefined) {
    const message = `Task file ${sameAs} has the same bytes. ${SECOND_TASKS} To repeat a request safely, send it with an Idempotency-Key.`;
    return [{ code: 'SAME_CONTENT', message }];
  }
  if (similarTo !== undefined) {
    const message = `Most of the first rows are also in task file ${similarTo}. ${SECOND_TASKS}`;
    return [{ code: 'SAME_ROWS', message }];
  }
  return [];
}

function columnsIgnored(header: readonly string[]): Warning[] {
  const ignored = ignoredColumns(header, TASK_COLUMNS);
  if (ignored.length === 0) return [];
  const one = ignored.length === 1;
  const message =
    `${ignored.length} ${one ? 'column was' : 'columns were'} ignored: ${columnsInWords(ignored)}. ` +
    `Known columns: ${TASK_COLUMNS.map(({ name }) => name).join(', ')}. With strict=true, the service refuses such a file.`;
  return [{ code: 'COLUMNS_IGNORED', message, columns: [...shownColumns(ignored)] }];
}

const rowNamesIgnored = (header: readonly string[]): Warning[] =>
  beginsNameless(header)
    ? [
        {
          code: 'ROW_NAMES_IGNORED',
          message:
            'The first column has no title: it was read as row names and ignored. If it holds anything else, give it a title.',
        },
      ]
    : [];

const linesSkipped = ({ format: { skippedLines } }: Job): Warning[] =>
  skippedLines === undefined
    ? []
    : [
        {
          code: 'LINES_SKIPPED',
          message: `The header is line ${skippedLines + 1}. The ${skippedLines === 1 ? 'line before it was' : `${skippedLines} lines before it were`} skipped.`,
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
