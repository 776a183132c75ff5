/** The entry of every worker thread: what Lambda's runtime does inside the sandbox. */
import { Console } from 'node:console';
import { parentPort, workerData } from 'node:worker_threads';
import { errorShape } from './error-shape.ts';
import { MemoryMeter } from './memory-meter.ts';
import type { BootstrapData, InvokeMessage, WorkerMessage } from './messages.ts';
import { printLikeLambda } from './sandbox-console.ts';

type Handler = (event: unknown, context: object) => unknown;

const data: BootstrapData = workerData;
// Read when the thread began, and no business of the function's.
delete process.env['NODE_COMPILE_CACHE'];
let currentRequestId = 'INIT';
globalThis.console = printLikeLambda(new Console(process.stdout, process.stderr), () => currentRequestId);

const post = (message: WorkerMessage): void => parentPort?.postMessage(message);

async function loadHandler(): Promise<Handler> {
  const module: Record<string, unknown> = await import(data.moduleUrl);
  const handler = module[data.exportName];
  if (typeof handler !== 'function') {
    throw named('Runtime.HandlerNotFound', `${data.moduleUrl} has no exported function "${data.exportName}"`);
  }
  // nodejs24.x refuses callbacks at init; a handler that would only work here must not pass here.
  if (handler.length >= 3) {
    throw named(
      'Runtime.CallbackHandlerDeprecated',
      `The handler takes ${handler.length} parameters: callbacks are gone in nodejs24.x. Make it async and return the answer.`,
    );
  }
  return (event, context) => Reflect.apply(handler, undefined, [event, context]);
}

function named(name: string, message: string): Error {
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

async function answer(handler: Handler, message: InvokeMessage): Promise<WorkerMessage> {
  const { requestId } = message;
  currentRequestId = requestId;
  try {
    const result = await handler(JSON.parse(message.event), lambdaContext(message));
    return { kind: 'succeeded', requestId, payload: JSON.stringify(result) ?? 'null' };
  } catch (error) {
    // The boundary of the user's code: whatever it throws is the outcome of this invocation.
    const shape = errorShape(error);
    console.error('Invoke Error', JSON.stringify(shape));
    return { kind: 'failed', requestId, error: shape };
  }
}

/** The measurement comes first, so that whoever has the answer has the measurement too. */
function measured(handler: Handler): (message: InvokeMessage) => Promise<WorkerMessage> {
  const memory = new MemoryMeter();
  return async (message) => {
    const begin = performance.now();
    const outcome = await answer(handler, message);
    post({ kind: 'measured', milliseconds: performance.now() - begin, heldBytes: memory.mostBytes });
    return outcome;
  };
}

try {
  const handler = await loadHandler();
  const take = data.measures ? measured(handler) : (message: InvokeMessage) => answer(handler, message);
  parentPort?.on('message', (message: InvokeMessage) => void take(message).then(post));
  post({ kind: 'ready' });
} catch (error) {
  // The boundary of the user's module: a cold start that fails is reported, not thrown into the host.
  post({ kind: 'init-failed', error: errorShape(error) });
}
