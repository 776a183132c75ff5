import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeployedFunction, DeployedStack, Endpoints } from '../../local/model.ts';

const NOWHERE = 'http://127.0.0.1:9';

export interface ThrowAwayStack {
  readonly stack: DeployedStack;
  /** The folder for files that tests and functions share. */
  readonly folder: string;
  [Symbol.asyncDispose](): Promise<void>;
}

export type FunctionSource = { readonly code: string } & Partial<Omit<DeployedFunction, 'logicalId' | 'codeFolder'>>;

export interface ThrowAwayOptions {
  readonly functions: Readonly<Record<string, FunctionSource>>;
  readonly endpoints?: Partial<Endpoints>;
  readonly mappings?: DeployedStack['mappings'];
  readonly routes?: DeployedStack['routes'];
  readonly schedules?: DeployedStack['schedules'];
}

/** Makes a stack of tiny functions, given as the source of their modules, in a folder that its disposal removes. */
export async function throwAwayStack(options: ThrowAwayOptions): Promise<ThrowAwayStack> {
  const folder = await mkdtemp(join(tmpdir(), 'task-service-functions-'));
  const functions = new Map<string, DeployedFunction>();
  for (const [logicalId, { code, ...overrides }] of Object.entries(options.functions)) {
    const codeFolder = join(folder, logicalId);
    await mkdir(codeFolder);
    await writeFile(join(codeFolder, 'index.mjs'), code);
    functions.set(logicalId, { ...deployedFunction(logicalId, codeFolder), ...overrides });
  }
  const stack: DeployedStack = {
    region: 'us-east-1',
    accountId: '000000000000',
    endpoints: { s3: NOWHERE, sqs: NOWHERE, sns: NOWHERE, dynamodb: NOWHERE, ...options.endpoints },
    functions,
    mappings: options.mappings ?? [],
    routes: options.routes ?? [],
    schedules: options.schedules ?? [],
    outputs: {},
  };
  return { stack, folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

const deployedFunction = (logicalId: string, codeFolder: string): DeployedFunction => ({
  logicalId,
  functionName: `local-${logicalId}`,
  arn: `arn:aws:lambda:us-east-1:000000000000:function:local-${logicalId}`,
  codeFolder,
  handler: 'index.handler',
  timeoutSeconds: 10,
  memoryMb: 128,
  environment: {},
  accessKeyId: `KEY${logicalId}`,
});
