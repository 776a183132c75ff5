import { expect, it } from '@jest/globals';
import type { DeployedFunction } from '../local/model.ts';
import { toObservation } from './observe.ts';

const fn = (name: string, memoryMb: number): DeployedFunction => ({
  logicalId: `${name}Function1A2B`,
  functionName: name,
  arn: '',
  codeFolder: '',
  handler: 'index.handler',
  timeoutSeconds: 10,
  memoryMb,
  environment: {},
  accessKeyId: name,
});

const functions = [
  fn('UploadTaskSubscriber', 512),
  fn('CreateTaskSubscriber', 256),
  fn('UploadTasks', 512),
  fn('GetTaskFile', 512),
];

const report = (name: string, milliseconds: number, heldBytes: number) => ({
  functionLogicalId: `${name}Function1A2B`,
  milliseconds,
  heldBytes,
});

it('an observation has the most that one sandbox held, and bills all but the polling of the benchmark', () => {
  const reports = [
    report('UploadTasks', 1_000, 90),
    report('UploadTaskSubscriber', 4_000, 50),
    report('CreateTaskSubscriber', 1_000, 30),
    report('CreateTaskSubscriber', 3_000, 40),
    report('GetTaskFile', 8_000, 99),
  ];
  expect(toObservation(10, functions, reports)).toEqual({
    rows: 10,
    splitterHeldBytes: 50,
    workerHeldBytes: 40,
    invocations: 4,
    gigabyteSeconds: 0.5 + 2 + 1,
  });
});
