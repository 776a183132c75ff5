import type { Statement } from './policy-document.ts';
import { type Decision, type Right, RoleRights } from './role-rights.ts';

/** Somebody who calls in a role, told by an access key. */
export interface Principal {
  readonly accessKeyId: string;
  /** ARN of the session, by which AWS names the caller in a refusal. */
  readonly session: string;
  /** Of all policies of the role. */
  readonly statements: readonly Statement[];
}

/** What a call needs. */
export interface Permission {
  readonly action: string;
  readonly resource: string;
}

/** A call that was refused for want of a permission. */
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

/** Decides calls by the policies of their callers. Callers without a role may do anything, as an administrator may. */
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

  /** The first of these permissions that the caller lacks. */
  refusal(caller: string, needed: readonly Permission[]): Refusal | undefined {
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

/** Each gate knows all rights and decides by some: their calls are added up. */
export const usedAnywhere = (rights: readonly UsedRight[], others: readonly UsedRight[]): readonly UsedRight[] =>
  rights.map((right, index) => ({ ...right, calls: right.calls + (others[index]?.calls ?? 0) }));

export interface Wording {
  /** Services differ in how they spell actions here. */
  readonly action: string;
  /** S3 puts the resource in quotes. */
  readonly quoted?: boolean;
}

/** What AWS says to a caller who lacks a permission. */
export function notAuthorized({ session, resource, decision }: Refusal, { action, quoted }: Wording): string {
  const reason =
    decision === 'denied'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
  const named = quoted ? `"${resource}"` : resource;
  return `User: ${session} is not authorized to perform: ${action} on resource: ${named} ${reason}`;
}
