import { describe, expect, it } from '@jest/globals';
import { EXCEPTIONS, type Service } from './exceptions.ts';
import type { Stage } from './stage.ts';

/** States one fact in the words of its title, and tries it. */
export type Fact = (title: string, trial: () => Promise<void>) => void;

/** The facts of one service, as `state` tells them; {@link EXCEPTIONS} have to fail on one machine. */
export function describeFacts(service: Service, stage: Stage, state: (fact: Fact, stage: Stage) => void): void {
  // oxlint-disable-next-line jest/valid-title -- titles are what is handed in here
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
    it('has no exception that is no fact', () => expect([...left.keys()]).toEqual([]));
  });
}
