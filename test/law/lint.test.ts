import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { plant, root, runLint, type Verdict } from './planted.ts';

const long = (lines: number): string => Array.from({ length: lines }, (_, line) => `  steps.push(${line});`).join('\n');
const functionOf = (lines: number): string => `export function many(steps: number[]): void {\n${long(lines)}\n}\n`;
const branches = Array.from({ length: 10 }, (_, n) => `  if (n === ${n}) return ${n};`).join('\n');

/** Files that each break the rule beside them. */
const violations: readonly [rule: string, file: string, source: string][] = [
  [
    'no-floating-promises',
    'src/aws/floating.ts',
    `const send = async () => 1;\nexport const f = () => {\n  send();\n};`,
  ],
  ['no-misused-promises', 'src/aws/misused.ts', `export const f = (xs: number[]) => xs.forEach(async () => 1);`],
  [
    'consistent-type-imports',
    'src/aws/import.ts',
    `import { Stats } from 'node:fs';\nexport const f = (s: Stats) => s.size;`,
  ],
  ['no-default-export', 'src/aws/default.ts', `const x = 1;\nexport default x;`],
  ['no-explicit-any', 'src/aws/any.ts', `export const f = (x: any) => String(x);`],
  ['max-lines', 'src/aws/long.ts', `export const steps = [1];\n${long(401)}`],
  ['max-lines-per-function', 'src/aws/function.ts', functionOf(61)],
  ['complexity', 'src/aws/complex.ts', `export function f(n: number): number {\n${branches}\n  return -1;\n}`],
  ['no-console', 'src/functions/console.ts', `console.log('row');`],
  ['no-restricted-properties', 'src/engine/now.ts', `export const now = () => Date.now();`],
  ['no-restricted-properties', 'src/tasks/random.ts', `export const roll = () => Math.random();`],
  ['no-restricted-globals', 'src/engine/timer.ts', `export const f = (g: () => void) => setTimeout(g, 1);`],
  [
    'no-restricted-imports',
    'src/engine/id.ts',
    `import { randomUUID } from 'node:crypto';\nexport const f = () => randomUUID();`,
  ],
  ['no-restricted-globals', 'test/e2e/sleep.test.ts', `export const f = (g: () => void) => setTimeout(g, 1);`],
  [
    'no-restricted-globals',
    'test/contract/aws/sleep-facts.ts',
    `export const f = (g: () => void) => setTimeout(g, 1);`,
  ],
  [
    'no-restricted-imports',
    'test/e2e/timer.test.ts',
    `import { setTimeout } from 'node:timers/promises';\nawait setTimeout(1);`,
  ],
  ['no-cycle', 'src/aws/cycle-a.ts', `import type { B } from './cycle-b.ts';\nexport interface A { b: B }`],
  ['no-cycle', 'src/aws/cycle-b.ts', `import type { A } from './cycle-a.ts';\nexport interface B { a: A }`],
  ['Unused oxlint-disable', 'src/aws/disabled.ts', `// oxlint-disable-next-line no-console\nexport const x = 1;`],
];

async function lintOf(files: Readonly<Record<string, string>>): Promise<Verdict> {
  await using planted = await plant(files);
  return runLint(planted.folder);
}

describe('the lint rules', () => {
  const verdict = lintOf(Object.fromEntries(violations.map(([, file, source]) => [file, source])));

  it.each(violations)('find a violation of %s in %s', async (rule, file) => {
    const { exitCode, output } = await verdict;
    const complaints = output.split('\n').filter((line) => line.startsWith(`${file}:`));
    expect(complaints.join('\n')).toContain(rule);
    expect(exitCode).not.toBe(0);
  });

  it('allow long functions in infrastructure', async () => {
    expect(await lintOf({ 'infra/construct.ts': functionOf(80) })).toMatchObject({ exitCode: 0 });
  });
});

describe('npm run check', () => {
  it('runs types, lint, formatting, the laws and unit tests', async () => {
    const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const steps = scripts['check']?.split(' && ');
    expect(steps).toEqual([
      'npm run typecheck',
      'npm run lint',
      'npm run format:check',
      'npm run law',
      'npm run words',
      'npm run commits',
      'npm run test:unit -- --coverage',
    ]);
  });
});
