/** The entry of every worker thread: does what Lambda's runtime does inside the sandbox. */
import { Console } from 'node:console';
import { parentPort, workerData } from 'node:worker_threads';
import { toErrorShape } from './error-shape.ts';
import { MemoryMeter } from './memory-meter.ts';
import type { BootstrapData, InvokeMessage, WorkerMessage } from './messages.ts';
import { printLikeLambda } from './sandbox-console.ts';

type Handler = (event: unknown, context: object) => unknown;

const data: BootstrapData = workerData;
// Node has read it at the start of the thread; on Lambda the function would not see it.
delete process.env['NODE_COMPILE_CACHE'];
let currentRequestId = 'INIT';
globalThis.console = printLikeLambda(new Console(process.stdout, process.stderr), () => currentRequestId);

const post = (message: WorkerMessage): void => parentPort?.postMessage(message);

async function loadHandler(): Promise<Handler> {
  const module: Record<string, unknown> = await import(data.moduleUrl);
  const handler = module[data.exportName];
  if (typeof handler !== 'function') {
    throw namedError('Runtime.HandlerNotFound', `${data.moduleUrl} has no exported function "${data.exportName}"`);
  }
  // nodejs24.x refuses callbacks at init. A handler that would fail there must not work here.
  if (handler.length >= 3) {
    throw namedError(
      'Runtime.CallbackHandlerDeprecated',
      `The handler takes ${handler.length} parameters: nodejs24.x has no callbacks. Make the handler async and return the response.`,
    );
  }
  return (event, context) => Reflect.apply(handler, undefined, [event, context]);
}

function namedError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

function lambdaContext({ requestId, deadline }: InvokeMessage): object {
  return {
    callbackWaitsForEmptyEventLoop: true,
    awsRequestId: requestId,
    functionName: data.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: data.functionArn,
    memoryLimitInMB: String(data.memoryMb),
    logGroupName: process.env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'],
    getRemainingTimeInMillis: () => Math.max(0, Math.floor((deadline - Date.now()) / data.timeFactor)),
  };
}

async function handle(handler: Handler, message: InvokeMessage): Promise<WorkerMessage> {
  const { requestId } = message;
  currentRequestId = requestId;
  try {
    const result = await handler(JSON.parse(message.event), lambdaContext(message));
    return { kind: 'succeeded', requestId, payload: JSON.stringify(result) ?? 'null' };
  } catch (error) {
    // The boundary of the user's code: whatever the handler throws is the outcome of this invocation.
    const shape = toErrorShape(error);
    console.error('Invoke Error', JSON.stringify(shape));
    return { kind: 'failed', requestId, error: shape };
  }
}

/** Posts the measurement before the response, so that a caller that has the response has the measurement too. */
function withMeasurement(handler: Handler): (message: InvokeMessage) => Promise<WorkerMessage> {
  const memory = new MemoryMeter();
  return async (message) => {
    const begin = performance.now();
    const outcome = await handle(handler, message);
    post({ kind: 'measured', milliseconds: performance.now() - begin, heldBytes: memory.mostBytes });
    return outcome;
  };
}

try {
  const handler = await loadHandler();
  const run = data.measures ? withMeasurement(handler) : (message: InvokeMessage) => handle(handler, message);
  parentPort?.on('message', (message: InvokeMessage) => void run(message).then(post));
  post({ kind: 'ready' });
} catch (error) {
  // The boundary of the user's module: a failed cold start is reported, not thrown into the host.
  post({ kind: 'init-failed', error: toErrorShape(error) });
}
