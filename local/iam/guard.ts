import type { Statement } from './policy-document.ts';
import { type Decision, type Right, RoleRights } from './role-rights.ts';

/** A caller that acts in a role; its access key identifies it. */
export interface Principal {
  readonly accessKeyId: string;
  /** The ARN of the session, by which AWS names the caller in a refusal. */
  readonly session: string;
  /** The statements of all policies of the role. */
  readonly statements: readonly Statement[];
}

/** A permission that a call needs. */
export interface Permission {
  readonly action: string;
  readonly resource: string;
}

/** A call that was refused because its caller lacks a permission. */
export interface Refusal extends Permission {
  readonly session: string;
  readonly decision: Exclude<Decision, 'allowed'>;
}

export interface UsedRight extends Right {
  readonly caller: string;
}

export interface CountedRefusal extends Permission {
  readonly caller: string;
  readonly calls: number;
}

interface Guarded {
  readonly session: string;
  readonly role: RoleRights;
}

/** Decides calls by the policies of their callers. A caller without a role may do anything, like an administrator. */
export class Guard {
  #guarded: ReadonlyMap<string, Guarded> = new Map();
  readonly #refusals = new Map<string, { -readonly [Key in keyof CountedRefusal]: CountedRefusal[Key] }>();

  enforce(principals: readonly Principal[]): void {
    this.#guarded = new Map(
      principals.map(({ accessKeyId, session, statements }) => [
        accessKeyId,
        { session, role: new RoleRights(statements) },
      ]),
    );
  }

  restricts(caller: string): boolean {
    return this.#guarded.has(caller);
  }

  /** Returns the first of these permissions that the caller lacks. */
  check(caller: string, needed: readonly Permission[]): Refusal | undefined {
    const guarded = this.#guarded.get(caller);
    if (!guarded) return undefined;
    for (const { action, resource } of needed) {
      const decision = guarded.role.decide(action, resource);
      if (decision === 'allowed') continue;
      this.#count(caller, action, resource);
      return { session: guarded.session, action, resource, decision };
    }
    return undefined;
  }

  rights(): readonly UsedRight[] {
    return [...this.#guarded].flatMap(([caller, { role }]) => role.rights().map((right) => ({ caller, ...right })));
  }

  refusals(): readonly CountedRefusal[] {
    return [...this.#refusals.values()];
  }

  #count(caller: string, action: string, resource: string): void {
    const key = `${caller} ${action} ${resource}`;
    const refusal = this.#refusals.get(key) ?? { caller, action, resource, calls: 0 };
    refusal.calls++;
    this.#refusals.set(key, refusal);
  }
}

/** Adds the calls of both gates. Each gate knows all rights, but decides only the calls to its services. */
export const addRights = (rights: readonly UsedRight[], others: readonly UsedRight[]): readonly UsedRight[] =>
  rights.map((right, index) => ({ ...right, calls: right.calls + (others[index]?.calls ?? 0) }));

export interface Wording {
  /** The action as the service spells it in its message. */
  readonly action: string;
  /** S3 puts the resource in quotes. */
  readonly quoted?: boolean;
}

/** Returns what AWS says to a caller that lacks a permission. */
export function notAuthorizedMessage({ session, resource, decision }: Refusal, { action, quoted }: Wording): string {
  const reason =
    decision === 'denied'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
  const named = quoted ? `"${resource}"` : resource;
  return `User: ${session} is not authorized to perform: ${action} on resource: ${named} ${reason}`;
}
