import * as z from 'zod';
import { routes, type RouteName, type RouteShape } from '../../src/contract/index.ts';
import { toTable } from './table.ts';

/** What each route does, in the order of the page. */
const DOES: Record<RouteName, string> = {
  'upload-tasks':
    'Takes a file of up to 4 MiB, as the body or in a form. With a JSON body, returns presigned URLs for a file of any size.',
  'presign-task-file-parts': 'Issues or renews presigned URLs for parts of an upload.',
  'complete-task-file-upload': 'Assembles the file from its parts and starts its processing.',
  'list-task-files': 'Lists the task files, newest first.',
  'get-task-file': 'Returns a task file: its status, counts, progress and warnings.',
  'list-task-file-tasks': 'Lists the tasks of a file in row order.',
  'list-task-file-failures':
    'Lists the failed rows of a file in row order. With `Accept: text/csv`, redirects to the fix file.',
  'get-fix-file': 'Returns a presigned URL of the fix file, valid for five minutes.',
  'cancel-task-file': 'Stops a running file. What is done stays done.',
  'redrive-task-file':
    'Processes the failed rows of an ended file again, all or those with certain `codes`. Resumes a file that failed before it was read to its end.',
  'verify-task-file': 'Recounts an ended file from what is stored, row by row. Each call counts a part.',
  'create-task': 'Creates a task.',
  'list-tasks': 'Lists all tasks, in no particular order.',
  'get-task': 'Returns a task.',
  'update-task': 'Replaces a task.',
  'delete-task': 'Deletes a task.',
};

export const writeRoutesTable = (): string =>
  toTable(
    ['method and path', 'does', 'takes', 'status'],
    Object.entries(DOES).map(([name, does]) => {
      const route: RouteShape = routes[name as RouteName];
      return [`\`${route.method} ${route.path}\``, does, toInputs(route), toStatuses(route)];
    }),
  );

const toInputs = ({ query, headers, body }: RouteShape): string =>
  [
    ...list('query', namesIn(query)),
    ...list('headers', namesIn(headers).map(toHeaderName)),
    ...list('JSON', namesIn(body)),
  ].join('; ');

const list = (what: string, names: readonly string[]): string[] =>
  names.length === 0 ? [] : [`${what} ${names.map((name) => `\`${name}\``).join(', ')}`];

/** Returns the names of fields. Optional ones end with a question mark. */
function namesIn(schema: z.ZodType | undefined): readonly string[] {
  const inner = schema instanceof z.ZodDefault ? schema.unwrap() : schema;
  if (!(inner instanceof z.ZodObject)) return [];
  return Object.entries(inner.shape).map(([name, field]) => (isOptional(field as z.ZodType) ? `${name}?` : name));
}

const isOptional = (field: z.ZodType): boolean => z.object({ field }).safeParse({}).success;

/** `if-match` → `If-Match`. */
const toHeaderName = (name: string): string => name.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase());

const toStatuses = ({ status, otherStatus }: RouteShape): string =>
  [status, ...(otherStatus === undefined ? [] : [otherStatus])].join(' or ');
