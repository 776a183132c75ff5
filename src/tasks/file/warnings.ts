import type { TaskFile, Warning } from '../../contract/index.ts';
import { beginsNameless, columnsInWords, ignoredColumns, shownColumns, type Job } from '../../engine/index.ts';
import { TASK_COLUMNS } from '../model/row.ts';

/** What is odd about a file, and what its reader decided without being asked, in words. */
export function collectWarnings(job: Job): Pick<TaskFile, 'warnings'> {
  const { header } = job;
  const ofHeader = header
    ? [...columnsIgnored(header), ...rowNamesIgnored(header), ...linesSkipped(job), ...encodingAssumed(job)]
    : [];
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

function columnsIgnored(header: readonly string[]): Warning[] {
  const ignored = ignoredColumns(header, TASK_COLUMNS);
  if (ignored.length === 0) return [];
  const one = ignored.length === 1;
  const message =
    `${ignored.length} ${one ? 'column was' : 'columns were'} ignored: ${columnsInWords(ignored)}. ` +
    `These are known: ${TASK_COLUMNS.map(({ name }) => name).join(', ')}. With strict=true such a file is refused.`;
  return [{ code: 'COLUMNS_IGNORED', message, columns: [...shownColumns(ignored)] }];
}

const rowNamesIgnored = (header: readonly string[]): Warning[] =>
  beginsNameless(header)
    ? [
        {
          code: 'ROW_NAMES_IGNORED',
          message:
            'The first column has no title: it was taken for the names of the rows, and ignored. If it holds anything else, give it a title.',
        },
      ]
    : [];

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
