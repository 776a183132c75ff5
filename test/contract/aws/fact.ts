import { describe, expect, it } from '@jest/globals';
import { EXCEPTIONS, type Service } from './exceptions.ts';
import type { Stage } from './stage.ts';

/** Tests one fact, which the title states. */
export type Fact = (title: string, trial: () => Promise<void>) => void;

/** Describes the facts of one service. Those in {@link EXCEPTIONS} must fail in the local cloud. */
export function describeFacts(service: Service, stage: Stage, state: (fact: Fact, stage: Stage) => void): void {
  // oxlint-disable-next-line jest/valid-title -- the caller passes the title
  describe(service, () => {
    const left = new Map(stage.isLocal ? Object.entries(EXCEPTIONS[service]) : []);
    const fact: Fact = (title, trial) => {
      const reason = left.get(title);
      left.delete(title);
      // oxlint-disable-next-line jest/valid-title -- the caller passes the title
      if (reason === undefined) it(title, trial);
      else it.failing(`${title} (not on one machine: ${reason})`, trial);
    };
    state(fact, stage);
    it('has an exception only for facts', () => expect([...left.keys()]).toEqual([]));
  });
}
