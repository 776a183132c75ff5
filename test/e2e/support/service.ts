import { createClient, iterate, type Client } from '../../../client/index.ts';
import { startLocalCloud, type LocalCloud, type LocalCloudOptions } from '../../../local/cloud.ts';
import type { FunctionName, RowFailure, Task, TaskFile } from '../../../src/contract/index.ts';
import { Aws } from './aws.ts';
import { until } from './until.ts';

/** The whole service on this machine, with what tests need of it. */
export interface Service extends Reader, AsyncDisposable {
  readonly cloud: LocalCloud;
  readonly aws: Aws;
  /** Sends a request as it is, for requests that the client would not send. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Calls a function as its event source would. Resolves to its response, and rejects with its failure. */
  invoke(name: FunctionName, event: unknown): Promise<unknown>;
  /** Ends the sandboxes of a function in the middle of their work. Resolves to their number. */
  crash(name: FunctionName): Promise<number>;
  stop(): Promise<void>;
}

/** The calls that any caller can make. */
export interface Reader {
  readonly client: Client;
  /** Uploads a file, and waits until it has ended. */
  process(body: string | Uint8Array<ArrayBuffer>, fileName?: string): Promise<TaskFile>;
  /** Resolves to the task file once it has ended. */
  ended(id: string): Promise<TaskFile>;
  /** Resolves to the task file once its latest redrive has ended. */
  redriven(id: string): Promise<TaskFile>;
  allTasks(): Promise<readonly Task[]>;
  tasksOf(taskFileId: string): Promise<readonly Task[]>;
  failuresOf(taskFileId: string): Promise<readonly RowFailure[]>;
}

export async function startService(options: LocalCloudOptions = {}): Promise<Service> {
  const cloud = await startLocalCloud(options);
  const aws = new Aws({ ...cloud.endpoints, bucket: cloud.stack.outputs['UploadsBucketName'] ?? '' });
  const end = async (): Promise<void> => {
    try {
      await refuseRefusals(cloud);
    } finally {
      aws.close();
      await cloud.stop();
    }
  };
  let ending: Promise<void> | undefined;
  const stop = (): Promise<void> => (ending ??= end());
  return {
    ...readerOf(cloud.apiUrl),
    cloud,
    aws,
    request: (path, init) => fetch(cloud.apiUrl + path, init),
    async invoke(name, event) {
      const result = await cloud.invoke(logicalIdOf(cloud, name), event);
      if ('error' in result) throw new Error(`${name}: ${result.error.type}: ${result.error.message}`);
      return result.ok;
    },
    crash: (name) => cloud.crash(logicalIdOf(cloud, name)),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Fails if a right is missing, even if the function recovers from the refusal or is tried again. */
async function refuseRefusals({ gate }: LocalCloud): Promise<void> {
  const refused = (await gate.refusals()).map(({ caller, action, resource }) => `${caller}: ${action} on ${resource}`);
  if (refused.length > 0) throw new Error(`The policies of functions do not allow:\n${refused.join('\n')}`);
}

export function readerOf(baseUrl: string): Reader {
  const client = createClient({ baseUrl });
  const ended = (id: string): Promise<TaskFile> =>
    until(
      `the end of task file ${id}`,
      () => client.getTaskFile({ params: { id } }),
      ({ status }) => status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELLED',
    );
  return {
    client,
    ended,
    redriven: (id) =>
      until(
        `the end of the redrive of task file ${id}`,
        () => client.getTaskFile({ params: { id } }),
        ({ redrives }) => redrives?.at(-1)?.status === 'COMPLETED',
      ),
    async process(body, fileName = 'tasks.csv') {
      const { id } = await client.uploadTasks({ query: { fileName }, body });
      return ended(id);
    },
    allTasks: () => all(iterate((cursor) => client.listTasks({ query: { cursor, limit: 100 } }))),
    tasksOf: (id) =>
      all(iterate((cursor) => client.listTaskFileTasks({ params: { id }, query: { cursor, limit: 100 } }))),
    failuresOf: (id) =>
      all(iterate((cursor) => client.listTaskFileFailures({ params: { id }, query: { cursor, limit: 100 } }))),
  };
}

async function all<T>(entries: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const entry of entries) found.push(entry);
  return found;
}

/** `upload-task-subscriber` is `UploadTaskSubscriberFunction…` in the template. */
export function logicalIdOf({ stack }: LocalCloud, name: FunctionName): string {
  const pascal = name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  const found = [...stack.functions.keys()].find((id) => id.startsWith(`${pascal}Function`));
  if (found === undefined) throw new Error(`No function ${name} in: ${[...stack.functions.keys()].join(', ')}`);
  return found;
}
