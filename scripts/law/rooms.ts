/** The import law: what each room of the code may know. Written here and nowhere else. */

export interface Room {
  /** A folder (ends with a slash) or a file. Of several that hold a file, the longest is its room. */
  readonly path: string;
  /** Places of ours that the room may import, besides itself. */
  readonly ours: readonly string[];
  /** Places of ours that its tests may import besides. */
  readonly oursInTests?: readonly string[];
  /** npm packages that it may import; `@scope/*` is a whole scope. */
  readonly packages: readonly string[];
  /** Built-in modules of Node that it may import: any, or only these. */
  readonly node: 'any' | readonly string[];
  /** Whether it may import a module whose name is known only at run time: a bundle. */
  readonly loadsBundles?: boolean;
}

/** Built-in modules that touch nothing outside the process; what is random in them the lint rules refuse. */
const COMPUTES = ['node:crypto', 'node:util', 'node:buffer', 'node:string_decoder', 'node:stream', 'node:zlib'];

const AWS_SDK = ['@aws-sdk/*', '@smithy/*'];

/** What an engineer writes, the errors, and the two helpers that every floor of the engine uses. */
const ENGINE_GROUND = ['definition', 'errors', 'all-done', 'stored-jobs'].map((name) => `src/engine/${name}.ts`);

/** A folder of the engine. */
const floor = (name: string, below: readonly string[], packages: readonly string[] = []): Room => ({
  path: `src/engine/${name}/`,
  ours: [...ENGINE_GROUND, ...below.map((other) => `src/engine/${other}/`)],
  oursInTests: ['src/engine/'],
  packages,
  node: COMPUTES,
});

const DOMAIN_GROUND = ['errors', 'digest', 'expiry'].map((name) => `src/tasks/${name}.ts`);

/** A folder of the domain. */
const domain = (name: string, below: readonly string[], packages: readonly string[] = []): Room => ({
  path: `src/tasks/${name}/`,
  ours: ['src/engine/', 'src/contract/', ...DOMAIN_GROUND, ...below.map((other) => `src/tasks/${other}/`)],
  oursInTests: ['src/tasks/'],
  packages,
  node: COMPUTES,
});

export const rooms: readonly Room[] = [
  // The pattern: true on any cloud, so it knows nobody; packages only where they compute and touch nothing outside.
  { path: 'src/engine/', ours: [], packages: [], node: COMPUTES },
  // Its floors, from the lowest: each knows those below it that it names.
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
  // The domain: knows the pattern and the words that cross the wire.
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
  // Runs what was built and synthesized; importing src would run other code than the one that deploys.
  {
    path: 'local/',
    ours: ['scripts/build.mjs', 'cli/command.ts'],
    packages: [...AWS_SDK, '@rgrove/parse-xml', 'fauxqs', 'fastify', 'dynalite', 'commander', 'zod'],
    node: 'any',
    loadsBundles: true,
  },
  { path: 'client/', ours: ['src/contract/'], packages: ['zod'], node: [] },
  // How a command is called, whichever room it is in.
  { path: 'cli/command.ts', ours: [], packages: ['commander'], node: [] },
  { path: 'cli/', ours: ['client/', 'src/contract/'], packages: ['commander', 'zod'], node: 'any' },

  // Measures what was built, from outside; of the inside it tells the settings.
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
    // What is deployed, before it is.
    ours: ['local/synth.ts', 'infra/config.ts', 'infra/concurrency.ts', 'scripts/api-page/'],
    packages: ['esbuild', '@swc/core', '@aws-sdk/client-sqs', 'prettier'],
    node: 'any',
  },
  // Tells the contract to people.
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
  // Files as people have them, through the whole engine.
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
  // One stack for one machine and for AWS: made by the CDK, deployed by the local cloud or by the CDK.
  {
    path: 'test/contract/aws/',
    ours: ['infra/', 'src/contract/', 'local/', 'scripts/aws-access.ts', 'test/e2e/support/until.ts'],
    packages: ['aws-cdk-lib', 'constructs', 'esbuild', 'aws-lambda', '@jest/globals', ...AWS_SDK],
    node: 'any',
  },
  // Kills for real, and looks at what is left as anybody could.
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

/** What a `*.test.ts` may import besides what its room may. */
export const forTests = {
  ours: ['test/kit/'],
  packages: ['@jest/globals', 'fast-check', '@fast-check/jest', 'csv-parse'],
  node: 'any',
} as const;

/** Packages that are imported whole: `import { z } from 'zod'` bundles five times the bytes of `import * as z`. */
export const namespaceOnly: readonly string[] = ['zod'];

/** The source files that a folder may have. */
export const FOLDER_MAX_FILES = 20;
