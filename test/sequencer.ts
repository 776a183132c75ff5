import { createRequire } from 'node:module';
import { relative } from 'node:path';
import type { Test } from '@jest/test-result';

interface Sequencer {
  sort(tests: readonly Test[]): Promise<readonly Test[]>;
}

// Its types are those of a CommonJS module, whose default an import would miss.
const { default: TestSequencer }: { readonly default: new (options: unknown) => Sequencer } = createRequire(
  import.meta.url,
)('@jest/test-sequencer');

/**
 * What takes longest, longest first: begun last, it would leave one worker alone at the end. Jest knows only after a
 * run.
 */
const LONG = [
  'test/chaos/chaos.test.ts',
  'test/e2e/continuations.test.ts',
  'test/e2e/outage.test.ts',
  'test/simulation/planted-bugs.test.ts',
  'test/e2e/durability.test.ts',
  'test/simulation/seeds.test.ts',
  'test/simulation/crash-matrix.test.ts',
  'test/infra/checks.test.ts',
  'test/e2e/crashes.test.ts',
  'test/contract/aws/facts.test.ts',
  'test/e2e/deliveries.test.ts',
  'test/e2e/start-command.test.ts',
  'test/contract/clients.test.ts',
];

export default class LongestFirst extends TestSequencer {
  override async sort(tests: readonly Test[]): Promise<readonly Test[]> {
    const rank = ({ path, context }: Test): number => {
      const at = LONG.indexOf(relative(context.config.rootDir, path));
      return at < 0 ? LONG.length : at;
    };
    // oxlint-disable-next-line unicorn/no-array-sort -- not an array's, but Jest's
    return [...(await super.sort(tests))].toSorted((one, other) => rank(one) - rank(other));
  }
}
