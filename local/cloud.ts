import { join, resolve } from 'node:path';
import { claimDataFolder } from './data-folder/kept-template.ts';
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
  /** Folder that keeps all state; absent: everything is in memory and gone at the end. */
  readonly dataDir?: string | undefined;
  /** Begins with an empty data folder. */
  readonly fresh?: boolean;
  /** Of the HTTP API; 0 or absent: any free one. */
  readonly port?: number;
  /** Shows every line of the functions. */
  readonly verbose?: boolean;
  /** Gets the functions' lines of level WARN and above, and what goes wrong between the parts. Absent: nobody. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Hears what the start is doing. */
  readonly onStep?: ((title: string) => void) | undefined;
  /** For tests: another synthesized app of one stack in the place of the project's. */
  readonly assemblyFolder?: string;
  /**
   * For tests: `false` leaves the queues alone; `deliveries` hands every batch over so many times before it is deleted;
   * `shuffle` hands messages over in an order drawn by dice with this seed.
   */
  readonly eventSources?: false | { readonly deliveries?: number; readonly shuffle?: number };
  /** For measurements: hears what each invocation took. */
  readonly onReport?: (report: InvocationReport) => void;
  /** For tests: `false` leaves the clock alone. */
  readonly schedules?: false;
}

/** The stack of this project, alive on this machine. */
export interface LocalCloud extends AsyncDisposable {
  readonly apiUrl: string;
  readonly endpoints: Endpoints;
  readonly stack: DeployedStack;
  readonly gate: Gate;
  /** Where the functions' output goes; undefined in memory. */
  readonly logsFolder: string | undefined;
  /** Settles with the reason if the cloud can't go on; it must be stopped then. */
  readonly failed: Promise<Error>;
  invoke(logicalId: string, event: unknown): Promise<InvocationResult>;
  /** Ends the sandboxes of a function as a crash would; says how many there were. */
  crash(logicalId: string): Promise<number>;
  /** Ends one sandbox of a function in the middle of its work; false if none is at work. */
  crashOne(logicalId: string): Promise<boolean>;
  /** Lets running invocations end, for a while, and closes everything. */
  stop(): Promise<void>;
}

/**
 * Synthesizes, deploys and runs the project's stack, unless another is given. What runs here is what deploys: the
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
  const assemblyFolder = await synthesized(options);
  const template = await readStackTemplate(assemblyFolder);
  if (dataDir !== undefined) await claimDataFolder(dataDir, template);
  onStep?.('Starting S3, SQS, SNS and DynamoDB');
  const emulators = starting.adopt(await startEmulators({ dataDir }), (one) => one.stop());
  onStep?.('Deploying the stack');
  const stack = await deploy({ template, assemblyFolder, emulators, apiEndpoint: api.url, dataDir });
  const life = bringToLife(stack, api, dataDir === undefined ? undefined : join(dataDir, 'logs'), options);
  starting.defer(() => life.end());
  return localCloud(life, emulators, starting.move());
}

const synthesized = async ({ assemblyFolder, onStep }: LocalCloudOptions): Promise<string> =>
  assemblyFolder ?? (await synth({ root: PROJECT, onStep }));

interface Life {
  readonly api: HttpApi;
  readonly stack: DeployedStack;
  readonly runtime: Runtime;
  readonly logsFolder: string | undefined;
  end(): Promise<void>;
}

/** Starts what moves: functions, event source mappings, schedules, routes. */
function bringToLife(
  stack: DeployedStack,
  api: HttpApi,
  logsFolder: string | undefined,
  options: LocalCloudOptions,
): Life {
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

/** What is cut off after the grace is delivered again, as after any crash. */
async function withGrace(work: Promise<unknown>): Promise<void> {
  const grace = Promise.withResolvers<void>();
  const timer = setTimeout(grace.resolve, GRACE_MS);
  await Promise.race([work, grace.promise]);
  clearTimeout(timer);
}

function localCloud(life: Life, emulators: Emulators, resources: AsyncDisposableStack): LocalCloud {
  const { api, stack, runtime, logsFolder } = life;
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
