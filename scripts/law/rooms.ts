/** The import law: what each room of the code may import. It is written here and nowhere else. */

export interface Room {
  /** A folder (ends with a slash) or a file. If several hold a file, the longest is its room. */
  readonly path: string;
  /** Our own files and folders that the room may import, besides itself. */
  readonly ours: readonly string[];
  /** Our own files and folders that only its tests may import. */
  readonly oursInTests?: readonly string[];
  /** The npm packages that it may import; `@scope/*` is a whole scope. */
  readonly packages: readonly string[];
  /** The built-in modules of Node that it may import: any, or only these. */
  readonly node: 'any' | readonly string[];
  /** Whether it may import a module whose name is known only at run time, such as a bundle. */
  readonly loadsBundles?: boolean;
}

/** Built-in modules that touch nothing outside the process. The lint rules refuse what is random in them. */
const COMPUTES = ['node:crypto', 'node:util', 'node:buffer', 'node:string_decoder', 'node:stream', 'node:zlib'];

const AWS_SDK = ['@aws-sdk/*', '@smithy/*'];

/** What an engineer writes, the errors, and the two helpers that every floor of the engine uses. */
const ENGINE_GROUND = ['definition', 'errors', 'all-done', 'stored-jobs'].map((name) => `src/engine/${name}.ts`);

/** Makes the room of a folder of the engine. */
const floor = (name: string, below: readonly string[], packages: readonly string[] = []): Room => ({
  path: `src/engine/${name}/`,
  ours: [...ENGINE_GROUND, ...below.map((other) => `src/engine/${other}/`)],
  oursInTests: ['src/engine/'],
  packages,
  node: COMPUTES,
});

const DOMAIN_GROUND = ['errors', 'digest', 'expiry'].map((name) => `src/tasks/${name}.ts`);

/** Makes the room of a folder of the domain. */
const domain = (name: string, below: readonly string[], packages: readonly string[] = []): Room => ({
  path: `src/tasks/${name}/`,
  ours: ['src/engine/', 'src/contract/', ...DOMAIN_GROUND, ...below.map((other) => `src/tasks/${other}/`)],
  oursInTests: ['src/tasks/'],
  packages,
  node: COMPUTES,
});

export const rooms: readonly Room[] = [
  // The pattern, which is independent of the cloud, so it imports no other room, and only packages that touch nothing
  // outside the process.
  { path: 'src/engine/', ours: [], packages: [], node: COMPUTES },
  // Its floors, from the lowest: each imports those below it that it names.
  floor('model', [], ['uuid']),
  floor('ports', ['model']),
  floor('reader/text', ['model']),
  floor('reader', ['model', 'ports', 'reader/text'], ['csv-parse', 'fastest-levenshtein']),
  floor('settle', ['model', 'ports']),
  floor('failures', ['model', 'ports']),
  floor('redrive', ['model', 'ports', 'reader', 'settle', 'failures']),
  floor('process', ['model', 'ports', 'reader', 'settle', 'failures']),
  floor('split', ['model', 'ports', 'reader', 'settle', 'redrive', 'process']),
  floor('sweep', ['model', 'ports', 'settle', 'split']),
  // The domain, which imports the pattern and the words of the API.
  { path: 'src/tasks/', ours: ['src/engine/', 'src/contract/'], packages: [], node: COMPUTES },
  domain('model', [], ['zod']),
  domain('ports', ['model']),
  domain('import', ['model', 'ports']),
  domain('task', ['model', 'ports'], ['zod']),
  domain('file', ['model', 'ports', 'task'], ['zod']),
  domain('upload', ['ports', 'file']),
  domain('report', ['model', 'ports', 'file'], ['csv-stringify']),
  { path: 'src/contract/', ours: [], packages: ['zod', 'temporal-polyfill'], node: [] },
  // The only room that imports an AWS SDK; it meets the engine and the domain at their ports.
  {
    path: 'src/aws/',
    ours: ['src/engine/', 'src/tasks/', 'src/contract/'],
    packages: [...AWS_SDK, 'zod', 'uuid'],
    node: 'any',
  },
  // Entry points put the rooms together.
  {
    path: 'src/functions/',
    ours: ['src/engine/', 'src/tasks/', 'src/contract/', 'src/aws/'],
    packages: ['@aws-lambda-powertools/*', '@types/aws-lambda', 'aws-lambda', 'negotiator', 'zod', 'uuid'],
    node: 'any',
  },
  {
    path: 'infra/',
    ours: ['src/contract/', 'cdk.json'],
    packages: ['aws-cdk-lib', 'constructs', 'cdk-nag', 'zod'],
    node: 'any',
  },
  // Runs what was built and synthesized. If it imported src, it would run other code than what deploys.
  {
    path: 'local/',
    ours: ['scripts/build.mjs', 'cli/command.ts'],
    packages: [...AWS_SDK, '@rgrove/parse-xml', 'fauxqs', 'fastify', 'dynalite', 'commander', 'zod'],
    node: 'any',
    loadsBundles: true,
  },
  { path: 'client/', ours: ['src/contract/'], packages: ['zod'], node: [] },
  // The options of commands, for a command in any room.
  { path: 'cli/command.ts', ours: [], packages: ['commander'], node: [] },
  { path: 'cli/', ours: ['client/', 'src/contract/'], packages: ['commander', 'zod'], node: 'any' },

  // Measures the built service from outside. It imports only the settings, to report them.
  {
    path: 'bench/',
    ours: [
      'client/',
      'src/contract/',
      'src/functions/wiring/settings.ts',
      'cli/command.ts',
      'cli/plan/prices.ts',
      'local/',
      'test/e2e/support/',
    ],
    packages: ['@aws-sdk/client-dynamodb', '@aws-sdk/client-sqs', 'aws-cdk-lib', 'aws-lambda', 'commander', 'esbuild'],
    node: 'any',
  },

  // Everything below is for a developer's machine alone.
  {
    path: 'scripts/',
    // The parts that a deployment checks before it starts.
    ours: ['local/synth.ts', 'infra/config.ts', 'infra/concurrency.ts', 'scripts/api-page/'],
    packages: ['esbuild', '@swc/core', '@aws-sdk/client-sqs', 'prettier'],
    node: 'any',
  },
  // Documents the contract.
  { path: 'scripts/api-page/', ours: ['src/contract/'], packages: ['prettier', 'zod'], node: 'any' },
  { path: 'jest.config.ts', ours: ['scripts/time-factor.ts'], packages: ['esbuild', 'jest'], node: 'any' },
  {
    path: 'test/sequencer.ts',
    ours: [],
    packages: ['@jest/test-sequencer', '@jest/test-result'],
    node: 'any',
  },
  { path: 'test/long.setup.ts', ours: ['local/time-factor.ts'], packages: ['@jest/globals'], node: [] },
  { path: 'test/short.setup.ts', ours: ['local/time-factor.ts'], packages: ['@jest/globals'], node: [] },
  {
    path: 'test/kit/',
    ours: ['src/', 'client/', 'local/'],
    packages: ['@jest/globals', 'fast-check', 'fauxqs', 'dynalite', 'zod', 'uuid', ...AWS_SDK],
    node: 'any',
  },
  // Runs files as users have them through the whole engine.
  {
    path: 'test/corpus/',
    ours: ['src/engine/', 'src/tasks/', 'test/kit/'],
    packages: ['fast-check', 'csv-stringify'],
    node: 'any',
  },
  // Run in temporary folders with packages of their own.
  {
    path: 'test/corpus/writers/make/',
    ours: [],
    packages: ['@duckdb/node-api', 'exceljs', 'xlsx'],
    node: 'any',
  },
  {
    path: 'test/corpus/peers/compare.mjs',
    ours: [],
    packages: ['csv-parse', 'papaparse', 'fast-csv'],
    node: 'any',
    loadsBundles: true,
  },
  { path: 'test/simulation/', ours: ['test/kit/'], packages: [], node: 'any' },
  { path: 'test/law/', ours: ['scripts/'], packages: [], node: 'any' },
  {
    path: 'test/infra/',
    ours: ['infra/', 'src/contract/', 'local/', 'cdk.json', 'cli/plan/measured.ts'],
    packages: ['aws-cdk-lib', 'constructs', 'cdk-nag'],
    node: 'any',
  },
  {
    path: 'test/contract/',
    ours: ['src/', 'client/', 'local/'],
    packages: ['fauxqs', 'dynalite', 'esbuild', 'zod', 'uuid', ...AWS_SDK],
    node: 'any',
  },
  // The stack of the AWS facts, for the local cloud and for AWS: made by the CDK, deployed by the local cloud or by the
  // CDK.
  {
    path: 'test/contract/aws/',
    ours: ['infra/', 'src/contract/', 'local/', 'scripts/aws-access.ts', 'test/e2e/support/until.ts'],
    packages: ['aws-cdk-lib', 'constructs', 'esbuild', 'aws-lambda', '@jest/globals', ...AWS_SDK],
    node: 'any',
  },
  // Kills processes, and checks what is left through public interfaces.
  {
    path: 'test/chaos/',
    ours: ['client/', 'cli/', 'src/contract/', 'local/', 'test/kit/simulation/', 'test/e2e/support/'],
    packages: ['@aws-sdk/client-sqs', 'commander', '@jest/globals'],
    node: 'any',
  },
  {
    path: 'test/e2e/',
    ours: ['client/', 'src/contract/', 'cli/', 'local/'],
    packages: [...AWS_SDK, '@jest/globals'],
    node: 'any',
  },
];

/** What a `*.test.ts` may import besides what its room may import. */
export const forTests = {
  ours: ['test/kit/'],
  packages: ['@jest/globals', 'fast-check', '@fast-check/jest', 'csv-parse'],
  node: 'any',
} as const;

/** Packages that must be imported whole: `import { z } from 'zod'` bundles five times the bytes of `import * as z`. */
export const namespaceOnly: readonly string[] = ['zod'];

/** The highest number of source files in a folder. */
export const FOLDER_MAX_FILES = 20;
