import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import type { Config } from 'jest';
import { measureTimeFactor } from './scripts/time-factor.ts';

const root = import.meta.dirname;

// For Jest's workers, and for whatever tests start: all limits of time are multiplied by it.
process.env['TIME_FACTOR'] ||= String(measureTimeFactor());

const swc: [string, Record<string, unknown>] = [
  '@swc/jest',
  { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
];

const project = (displayName: string, testMatch: string, setup = 'long') => ({
  displayName,
  testMatch: [`<rootDir>/${testMatch}`],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  // Folders that builds and tests write: a package.json or a test planted there is not ours.
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdk.out/', '<rootDir>/.local/'],
  transform: { '\\.ts$': swc },
  setupFilesAfterEnv: [`<rootDir>/test/${setup}.setup.ts`],
});

/** A file of types or re-exports alone has nothing to run, and V8 would report all of it as uncovered. */
const hasCode = (file: string): boolean =>
  transformSync(readFileSync(join(root, file), 'utf8'), { loader: 'ts', legalComments: 'none' })
    .code.replaceAll(/^export (?:\*|\{[^}]*\}) from .*;$/gm, '')
    .trim() !== '';

const config: Config = {
  maxWorkers: 2,
  testSequencer: '<rootDir>/test/sequencer.ts',
  projects: [
    project('unit', '{src,infra,local,client,cli,bench,scripts,test/kit,test/corpus}/**/*.test.ts', 'short'),
    project('law', 'test/law/**/*.test.ts'),
    project('infra', 'test/infra/**/*.test.ts'),
    project('simulation', 'test/simulation/**/*.test.ts'),
    project('contract', 'test/contract/**/*.test.ts'),
    project('e2e', 'test/e2e/**/*.test.ts'),
    project('chaos', 'test/chaos/**/*.test.ts'),
  ],
  coverageProvider: 'v8',
  coverageDirectory: 'coverage',
  coverageReporters: [['text', { skipFull: true }], 'lcov'],
  collectCoverageFrom: globSync('src/{engine,tasks}/**/*.ts', { cwd: root }).filter(
    (file) => !file.endsWith('.test.ts') && hasCode(file),
  ),
  coverageThreshold: { global: { branches: 100, functions: 100, lines: 100, statements: 100 } },
};

export default config;
