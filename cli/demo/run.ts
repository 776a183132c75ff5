import { createClient, iterate, type Client } from '../../client/index.ts';
import type { RowFailure, TaskFile } from '../../src/contract/index.ts';
import { count } from './format.ts';
import { Progress } from './progress.ts';
import { sourceFile, type SourceFile } from './source-file.ts';
import { startStack } from './stack.ts';
import { complaintAbout, describeSummary, summarize } from './summary.ts';
import { upload } from './upload.ts';
import { watch } from './watch.ts';

const PAGE = 100;
const FAILURES_SHOWN = 5;

export interface DemoOptions {
  readonly json: boolean;
  readonly signal: AbortSignal;
}

/** Runs the whole demo and prints its result; the complaint, if there is one, is the caller's to print. */
export async function runDemo(given: string, { json, signal }: DemoOptions): Promise<{ readonly complaint?: string }> {
  const file = await sourceFile(given);
  // Progress goes to stderr: stdout is for the result, which may be piped.
  const progress = new Progress(process.stderr);
  const { taskFile, storedTasks, failures } = await onThrowAwayStack(file, progress, signal).finally(() =>
    progress.clear(),
  );
  const summary = summarize(taskFile, storedTasks);
  console.log(json ? JSON.stringify(summary) : describeSummary(summary, failures));
  const complaint = complaintAbout(summary);
  return complaint === undefined ? {} : { complaint };
}

async function onThrowAwayStack(file: SourceFile, progress: Progress, signal: AbortSignal) {
  progress.note('Starting a throw-away Task Service on this machine ...');
  await using stack = await startStack(signal);
  const client = createClient(stack);
  const taskFile = await uploadAndWatch(client, file, progress, signal);
  const storedTasks = await countStoredTasks(client, taskFile, progress, signal);
  return { taskFile, storedTasks, failures: await firstFailures(client, taskFile, signal) };
}

async function uploadAndWatch(
  client: Client,
  file: SourceFile,
  progress: Progress,
  signal: AbortSignal,
): Promise<TaskFile> {
  progress.note(`Uploading ${file.name} (${count(file.size)} bytes) ...`);
  let taskFile = await upload(client, file, signal);
  for await (taskFile of watch(client, taskFile.id, signal)) progress.show(taskFile);
  return taskFile;
}

/** Tasks come in the order of their rows, so one that does not move on is a row that was stored twice. */
async function countStoredTasks(
  client: Client,
  { id }: TaskFile,
  progress: Progress,
  signal: AbortSignal,
): Promise<number> {
  progress.note('Counting the stored tasks ...');
  let stored = 0;
  let lastRow = 0;
  const tasks = iterate((cursor) =>
    client.listTaskFileTasks({ params: { id }, query: { limit: PAGE, cursor }, signal }),
  );
  for await (const { row = 0 } of tasks) {
    if (row <= lastRow) throw new Error(`Row ${row} of ${id} has more than one task, or its tasks are out of order.`);
    lastRow = row;
    stored += 1;
  }
  return stored;
}

async function firstFailures(
  client: Client,
  { id, failedCount }: TaskFile,
  signal: AbortSignal,
): Promise<readonly RowFailure[]> {
  if (failedCount === 0) return [];
  const { items } = await client.listTaskFileFailures({ params: { id }, query: { limit: FAILURES_SHOWN }, signal });
  return items;
}
