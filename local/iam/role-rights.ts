import type { Statement } from './policy-document.ts';
import { toActionMatcher, toArnMatcher, type Matcher } from './wildcards.ts';

export type Decision = 'allowed' | 'not allowed' | 'denied';

/** One action on one resource, as a policy names them, and the number of calls that it decided. */
export interface Right {
  readonly effect: Statement['effect'];
  readonly action: string;
  readonly resource: string;
  readonly calls: number;
}

interface CountedRight extends Right {
  readonly matchesAction: Matcher;
  readonly matchesResource: Matcher;
  calls: number;
}

/** The rights of a role. A call needs a statement that allows it, and none that denies it. */
export class RoleRights {
  readonly #rights: readonly CountedRight[];
  /** The rights that match an action. They are found once and used thousands of times a second. */
  readonly #byAction = new Map<string, readonly CountedRight[]>();

  constructor(statements: readonly Statement[]) {
    this.#rights = statements.flatMap(({ effect, actions, resources }) =>
      actions.flatMap((action) => resources.map((resource) => toCountedRight(effect, action, resource))),
    );
  }

  decide(action: string, resource: string): Decision {
    let decision: Decision = 'not allowed';
    for (const right of this.#findRights(action)) {
      if (!right.matchesResource(resource)) continue;
      right.calls++;
      if (right.effect === 'Deny') decision = 'denied';
      else if (decision === 'not allowed') decision = 'allowed';
    }
    return decision;
  }

  rights(): readonly Right[] {
    return this.#rights.map(({ effect, action, resource, calls }) => ({ effect, action, resource, calls }));
  }

  #findRights(action: string): readonly CountedRight[] {
    let rights = this.#byAction.get(action);
    if (!rights) {
      rights = this.#rights.filter(({ matchesAction }) => matchesAction(action));
      this.#byAction.set(action, rights);
    }
    return rights;
  }
}

const toCountedRight = (effect: Statement['effect'], action: string, resource: string): CountedRight => ({
  effect,
  action,
  resource,
  matchesAction: toActionMatcher(action),
  matchesResource: toArnMatcher(resource),
  calls: 0,
});
