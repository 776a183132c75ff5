import { join, resolve } from 'node:path';
import { checkTemplate } from './data-folder/kept-template.ts';
import { deploy } from './deploy/deploy.ts';
import { startEmulators, type Emulators } from './emulators/emulators.ts';
import { EventSources } from './event-sources/event-sources.ts';
import type { Gate } from './gate/call/gate.ts';
import { HttpApi } from './http/http-api.ts';
import type { DeployedStack, Endpoints } from './model.ts';
import { openDataFolder } from './data-folder/open-data-folder.ts';
import { FunctionLogs } from './runtime/function-logs.ts';
import type { InvocationReport, InvocationResult } from './runtime/invocation.ts';
import { Runtime } from './runtime/runtime.ts';
import { Schedules } from './schedules/schedules.ts';
import { readStackTemplate, synth } from './synth.ts';
import { timeFactor } from './time-factor.ts';

const PROJECT = join(import.meta.dirname, '..');

/** How long running invocations may take to end when the cloud stops. */
const GRACE_MS = 10_000;

export interface LocalCloudOptions {
  /** The folder that keeps all state. If it is absent, all state is in memory and is gone at the end. */
  readonly dataDir?: string | undefined;
  /** Begins with an empty data folder. */
  readonly fresh?: boolean;
  /** The port of the HTTP API. If it is 0 or absent, any free port is taken. */
  readonly port?: number;
  /** Shows every line of the functions. */
  readonly verbose?: boolean;
  /**
   * Receives the lines of functions at level WARN and above, and the errors of the local cloud itself. Absent: they are
   * dropped.
   */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Receives the title of each step of the start. */
  readonly onStep?: ((title: string) => void) | undefined;
  /** For tests: runs another synthesized app of one stack instead of this project's. */
  readonly assemblyFolder?: string;
  /**
   * For tests: `false` starts no event source mappings; `deliveries` delivers every batch so many times before it is
   * deleted; `shuffle` delivers messages in a random order that this seed repeats.
   */
  readonly eventSources?: false | { readonly deliveries?: number; readonly shuffle?: number };
  /** For measurements: receives the duration and memory of each invocation. */
  readonly onReport?: (report: InvocationReport) => void;
  /** For tests: `false` starts no schedules. */
  readonly schedules?: false;
}

/** The stack of this project, running on this machine. */
export interface LocalCloud extends AsyncDisposable {
  readonly apiUrl: string;
  readonly endpoints: Endpoints;
  readonly stack: DeployedStack;
  readonly gate: Gate;
  /** The folder of the functions' logs; undefined if state is in memory. */
  readonly logsFolder: string | undefined;
  /** Resolves with the reason if the cloud cannot continue; the caller must stop it then. */
  readonly failed: Promise<Error>;
  invoke(logicalId: string, event: unknown): Promise<InvocationResult>;
  /** Ends the sandboxes of a function as a crash would. Returns how many there were. */
  crash(logicalId: string): Promise<number>;
  /** Ends one sandbox of a function during an invocation. Returns false if none is running. */
  crashOne(logicalId: string): Promise<boolean>;
  /** Gives running invocations ten seconds to end, then closes everything. */
  stop(): Promise<void>;
}

/**
 * Synthesizes, deploys and runs the project's stack, or the one in `assemblyFolder`. It runs what deploys to AWS: the
 * template and the bundles.
 */
export async function startLocalCloud(options: LocalCloudOptions = {}): Promise<LocalCloud> {
  const { onStep } = options;
  await using starting = new AsyncDisposableStack();
  const api = starting.adopt(await HttpApi.listen({ port: options.port ?? 0, timeFactor: timeFactor() }), (one) =>
    one.stop(),
  );
  const dataDir = options.dataDir === undefined ? undefined : resolve(options.dataDir);
  if (dataDir !== undefined) starting.use(await openDataFolder(dataDir, options.fresh ?? false));
  const assemblyFolder = await toAssembly(options);
  const template = await readStackTemplate(assemblyFolder);
  if (dataDir !== undefined) await checkTemplate(dataDir, template);
  onStep?.('Starting S3, SQS, SNS and DynamoDB');
  const emulators = starting.adopt(await startEmulators({ dataDir }), (one) => one.stop());
  onStep?.('Deploying the stack');
  const stack = await deploy({ template, assemblyFolder, emulators, apiEndpoint: api.url, dataDir });
  const running = startStack(stack, api, dataDir === undefined ? undefined : join(dataDir, 'logs'), options);
  starting.defer(() => running.end());
  return localCloud(running, emulators, starting.move());
}

const toAssembly = async ({ assemblyFolder, onStep }: LocalCloudOptions): Promise<string> =>
  assemblyFolder ?? (await synth({ root: PROJECT, onStep }));

interface RunningStack {
  readonly api: HttpApi;
  readonly stack: DeployedStack;
  readonly runtime: Runtime;
  readonly logsFolder: string | undefined;
  end(): Promise<void>;
}

/** Starts the functions, event source mappings, schedules and routes. */
function startStack(
  stack: DeployedStack,
  api: HttpApi,
  logsFolder: string | undefined,
  options: LocalCloudOptions,
): RunningStack {
  const { onLine, onReport, verbose, eventSources = {} } = options;
  const onError = (message: string): void => onLine?.(message);
  const logs = new FunctionLogs({ folder: logsFolder, terminal: onLine, verbose });
  const runtime = new Runtime(stack, logs, { onReport, timeFactor: timeFactor() });
  const invoke: Runtime['invoke'] = (logicalId, event) => runtime.invoke(logicalId, event);
  const sources = new EventSources(eventSources ? stack.mappings : [], stack, invoke, {
    ...eventSources,
    onError,
  });
  const schedules = new Schedules(options.schedules === false ? [] : stack.schedules, stack, invoke, { onError });
  api.serve(stack, invoke);
  const end = async (): Promise<void> => {
    await withGrace(Promise.all([api.drain(), sources.drain(), schedules.drain()]));
    await runtime.stop();
    await sources.stop();
    await api.stop();
    await logs.close();
  };
  return { api, stack, runtime, logsFolder, end };
}

/**
 * Waits for the work, but not longer than the grace period. SQS delivers again what was cut off, as after any crash.
 */
async function withGrace(work: Promise<unknown>): Promise<void> {
  const grace = Promise.withResolvers<void>();
  const timer = setTimeout(grace.resolve, GRACE_MS);
  await Promise.race([work, grace.promise]);
  clearTimeout(timer);
}

function localCloud(running: RunningStack, emulators: Emulators, resources: AsyncDisposableStack): LocalCloud {
  const { api, stack, runtime, logsFolder } = running;
  const stop = (): Promise<void> => resources.disposeAsync();
  return {
    apiUrl: api.url,
    endpoints: stack.endpoints,
    stack,
    gate: emulators.gate,
    logsFolder,
    failed: emulators.failed,
    invoke: (logicalId, event) => runtime.invoke(logicalId, event),
    crash: (logicalId) => runtime.crash(logicalId),
    crashOne: (logicalId) => runtime.crashOne(logicalId),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
