import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { createClient, downloadFixFile, iterate, type Client } from '../../client/index.ts';
import type { RowFailure, TaskFile } from '../../src/contract/index.ts';
import { count } from './format.ts';
import type { DemoOptions } from './options.ts';
import { Progress } from './progress.ts';
import { checkSourceFile, type SourceFile } from './source-file.ts';
import { startStack } from './stack.ts';
import { findComplaint, describeSummary, summarize } from './summary.ts';
import { upload } from './upload.ts';
import { watch } from './watch.ts';

const PAGE = 100;
const FAILURES_SHOWN = 5;
/** The report of a file is written within seconds of its end. */
const REPORT_LIMIT_MS = 120_000;

/** Runs the whole demo and prints its result. It returns the complaint, if there is one, for the caller to print. */
export async function runDemo(
  given: string,
  options: DemoOptions,
  signal: AbortSignal,
): Promise<{ readonly complaint?: string }> {
  const file = await checkSourceFile(given);
  // Progress goes to stderr: stdout is for the result, which may be piped.
  const progress = new Progress(process.stderr);
  const { taskFile, failures, ...found } = await new Demo(file, options, progress, signal)
    .run()
    .finally(() => progress.clear());
  const summary = summarize(taskFile, found);
  console.log(options.json ? JSON.stringify(summary) : describeSummary(summary, failures));
  const complaint = findComplaint(summary);
  return complaint === undefined ? {} : { complaint };
}

/** Processes one file on its own stack. */
class Demo {
  readonly #file: SourceFile;
  readonly #options: DemoOptions;
  readonly #progress: Progress;
  readonly #signal: AbortSignal;

  constructor(file: SourceFile, options: DemoOptions, progress: Progress, signal: AbortSignal) {
    this.#file = file;
    this.#options = options;
    this.#progress = progress;
    this.#signal = signal;
  }

  async run() {
    this.#progress.note('Starting a throw-away Task Service on this machine ...');
    await using stack = await startStack(this.#signal);
    const client = createClient(stack);
    const taskFile = await this.#uploadAndWatch(client);
    const storedTasks = await this.#countStoredTasks(client, taskFile);
    const failures = await this.#firstFailures(client, taskFile);
    const fixFile = await this.#writeFixFile(client, taskFile);
    return { taskFile, storedTasks, failures, ...(fixFile !== undefined && { fixFile }) };
  }

  async #uploadAndWatch(client: Client): Promise<TaskFile> {
    const { name, size } = this.#file;
    const bytes = `${count(size)} bytes`;
    this.#progress.note(`Uploading ${name} (${bytes}) ...`);
    const onSent = (sent: number): void => this.#progress.note(`Uploading ${name} (${count(sent)} of ${bytes}) ...`);
    const demands = { reading: this.#options.reading, signal: this.#signal, onSent };
    let taskFile = await upload(client, this.#file, demands);
    for await (taskFile of watch(client, taskFile.id, this.#signal)) this.#progress.show(taskFile);
    return taskFile;
  }

  /**
   * Counts the tasks, which are in row order: a task that is not behind the previous one is a row that was stored
   * twice.
   */
  async #countStoredTasks(client: Client, { id }: TaskFile): Promise<number> {
    this.#progress.note('Counting the stored tasks ...');
    let stored = 0;
    let lastRow = 0;
    const tasks = iterate((cursor) =>
      client.listTaskFileTasks({ params: { id }, query: { limit: PAGE, cursor }, signal: this.#signal }),
    );
    for await (const { row = 0 } of tasks) {
      if (row <= lastRow) throw new Error(`Row ${row} of ${id} has more than one task, or its tasks are out of order.`);
      lastRow = row;
      stored += 1;
    }
    return stored;
  }

  async #firstFailures(client: Client, { id, failedCount }: TaskFile): Promise<readonly RowFailure[]> {
    if (failedCount === 0) return [];
    const query = { limit: FAILURES_SHOWN };
    const { items } = await client.listTaskFileFailures({ params: { id }, query, signal: this.#signal });
    return items;
  }

  async #writeFixFile(client: Client, { id, failedCount }: TaskFile): Promise<string | undefined> {
    const { fixFile } = this.#options;
    if (fixFile === undefined || failedCount === 0) return undefined;
    this.#progress.note('Fetching the fix file ...');
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(REPORT_LIMIT_MS)]);
    const { content } = await downloadFixFile(client, id, { signal });
    // fetch has the browsers' type of the stream, and Node.js has its own.
    await pipeline(Readable.fromWeb(content.body as ReadableStream), createWriteStream(fixFile, { flags: 'wx' }));
    return fixFile;
  }
}
