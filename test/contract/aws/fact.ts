import { describe, expect, it } from '@jest/globals';
import { EXCEPTIONS, type Service } from './exceptions.ts';
import type { Stage } from './stage.ts';

/** States a fact in its title, and tests it. */
export type Fact = (title: string, trial: () => Promise<void>) => void;

/** Describes the facts of one service, which `state` states. Those in {@link EXCEPTIONS} must fail on one machine. */
export function describeFacts(service: Service, stage: Stage, state: (fact: Fact, stage: Stage) => void): void {
  // oxlint-disable-next-line jest/valid-title -- the title is a parameter
  describe(service, () => {
    const left = new Map(stage.isLocal ? Object.entries(EXCEPTIONS[service]) : []);
    const fact: Fact = (title, trial) => {
      const reason = left.get(title);
      left.delete(title);
      // oxlint-disable-next-line jest/valid-title -- the same
      if (reason === undefined) it(title, trial);
      else it.failing(`${title} (not on one machine: ${reason})`, trial);
    };
    state(fact, stage);
    it('has no exception without a fact', () => expect([...left.keys()]).toEqual([]));
  });
}
