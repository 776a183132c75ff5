import { describe, expect, it } from '@jest/globals';
import { plant, root, runImportLaw } from './planted.ts';

const violations: readonly [description: string, file: string, source: string, verdict: string][] = [
  [
    'the engine imports the domain',
    'src/engine/model/job.ts',
    `import '../../tasks/task.ts';`,
    'not src/tasks/task.ts',
  ],
  [
    'the engine imports a type of AWS',
    'src/engine/model/job.ts',
    `import type { SQSClient } from '@aws-sdk/client-sqs';`,
    'packages',
  ],
  [
    'a layer of the engine imports one above it',
    'src/engine/model/job.ts',
    `import type { Jobs } from '../ports/jobs.ts';`,
    'not src/engine/ports/jobs.ts',
  ],
  [
    'a folder of the domain imports one beside it',
    'src/tasks/upload/upload.ts',
    `import '../report/report.ts';`,
    'not src/tasks/report/report.ts',
  ],
  [
    'the engine imports a module of Node',
    'src/engine/model/job.ts',
    `import { readFile } from 'node:fs/promises';`,
    'modules of Node',
  ],
  [
    'the domain imports an adapter',
    'src/tasks/task/tasks.ts',
    `export * from '../../aws/dynamodb/tasks.ts';`,
    'not src/aws',
  ],
  [
    'the domain imports dynamically',
    'src/tasks/task/tasks.ts',
    `export const late = () => import('../../functions/x.ts');`,
    'not src/functions',
  ],
  [
    'the domain imports a computed name',
    'src/tasks/task/tasks.ts',
    `export const late = (name: string) => import(name);`,
    'written out',
  ],
  [
    'the domain imports a type inline',
    'src/tasks/task/tasks.ts',
    `export type T = import('../../aws/x.ts').T;`,
    'not src/aws',
  ],
  ['the contract imports the engine', 'src/contract/task.ts', `import '../engine/job.ts';`, 'not src/engine'],
  [
    'an adapter imports an entry point',
    'src/aws/sqs/queue.ts',
    `import '../../functions/http/x.ts';`,
    'not src/functions',
  ],
  ['a function imports infrastructure', 'src/functions/http/x.ts', `import '../../../infra/app.ts';`, 'not infra'],
  ['infrastructure imports the domain', 'infra/app.ts', `import '../src/tasks/task.ts';`, 'not src/tasks'],
  ['the local cloud imports source', 'local/main.ts', `import '../src/contract/index.ts';`, 'not src/contract'],
  ['the client imports the server', 'client/client.ts', `import '../src/functions/x.ts';`, 'not src/functions'],
  ['the CLI imports the local cloud', 'cli/demo.ts', `import '../local/main.ts';`, 'not local'],
  ['a test imports another room', 'src/engine/model/job.test.ts', `import '../../aws/x.ts';`, 'not src/aws'],
  [
    'an end-to-end test imports the engine',
    'test/e2e/x.test.ts',
    `import '../../src/engine/model/job.ts';`,
    'not src/engine',
  ],
  ['zod is imported by name', 'src/contract/task.ts', `import { z } from 'zod';`, 'import * as name'],
  ['a file lies outside every room', 'utils/x.ts', `export const x = 1;`, 'no room'],
];

describe('the import law', () => {
  it('holds in this repository', () => {
    expect(runImportLaw(root)).toEqual({ exitCode: 0, output: expect.stringMatching(/ 0 violations/) });
  });

  it('allows each room its imports', async () => {
    await using planted = await plant({
      'src/engine/model/job.ts': `import { v5 } from 'uuid'; import type { Item } from './batch.ts';`,
      'src/engine/model/job.test.ts': `import '../../../test/kit/x.ts'; import fc from 'fast-check'; import './job.ts';`,
      'src/tasks/task/tasks.ts': `import * as z from 'zod'; import '../../engine/index.ts'; import '../../contract/task.ts';`,
      'src/aws/sqs/queue.ts': `import '@aws-sdk/client-sqs'; import '../../engine/ports/queue.ts';`,
      'infra/app.ts': `import { Queue } from 'aws-cdk-lib/aws-sqs'; import { variable } from '../src/contract/index.ts';`,
      'cli/demo.ts': `import { Command } from 'commander'; import '../client/client.ts'; import 'node:fs';`,
    });
    expect(runImportLaw(planted.folder)).toEqual({
      exitCode: 0,
      output: expect.stringMatching(/6 files, 0 violations/),
    });
  });

  it('is broken if a folder has more source files than allowed; tests do not count', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`src/contract/field-${index}.ts`, 'export {};']),
    );
    await using full = await plant({ ...files, 'src/contract/field-1.test.ts': 'export {};' });
    expect(runImportLaw(full.folder).exitCode).toBe(0);
    await using over = await plant({ ...files, 'src/contract/field-20.ts': 'export {};' });
    expect(runImportLaw(over.folder)).toEqual({
      exitCode: 1,
      output: expect.stringContaining('src/contract has 21 source files. Allowed: 20'),
    });
  });

  it.each(violations)('is broken if %s', async (_description, file, source, verdict) => {
    await using planted = await plant({ [file]: source });
    const { exitCode, output } = runImportLaw(planted.folder);
    expect(output).toContain(file);
    expect(output).toContain(verdict);
    expect(exitCode).toBe(1);
  });
});
