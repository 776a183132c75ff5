import * as z from 'zod';

/** One statement of a policy, with every reference of the template resolved. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

const patterns = z
  .union([z.string(), z.array(z.string())])
  .transform((one) => [one].flat())
  .refine((all) => !all.some((one) => one.includes('${')), 'policy variables are not evaluated here');

/** Strict, so that an element that is not evaluated (`Condition`, `NotAction`, …) is refused and not ignored. */
const policyDocument = z.strictObject({
  Version: z.literal('2012-10-17'),
  Id: z.string().optional(),
  Statement: z.array(
    z.strictObject({
      Sid: z.string().optional(),
      Effect: z.enum(['Allow', 'Deny']),
      Action: patterns,
      Resource: patterns,
    }),
  ),
});

/**
 * Reads the statements of an identity-based policy. Refuses one with elements that are not evaluated, by their names.
 */
export function readPolicyDocument(logicalId: string, document: unknown): readonly Statement[] {
  const { data, error } = policyDocument.safeParse(document);
  if (data)
    return data.Statement.map(({ Effect, Action, Resource }) => ({
      effect: Effect,
      actions: Action,
      resources: Resource,
    }));
  const reasons = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw new Error(
    `The policy ${logicalId} has elements that the local cloud does not evaluate: ${reasons}. ` +
      'It evaluates Effect, Action and Resource with the wildcards * and ?.',
  );
}
