import { timeFactor } from '../../../local/time-factor.ts';

/** What the stack calls its resources in its outputs; the facts and the stack know no other names. */
export const OUTPUTS = [
  'Plain',
  'Repeating',
  'Retried',
  'DeadLetters',
  'Parked',
  'ObjectEvents',
  'FilteredEvents',
  'AllEvents',
  'Topic',
  'Bucket',
  'Table',
  'OneByOne',
  'Throwing',
  'NamingSome',
  'NamingUnknown',
  'Relaying',
] as const;
export type OutputName = (typeof OUTPUTS)[number];

/** An output under the name that the template gives it: most resources have the bare one. */
export const outputOf = (name: OutputName): string => `${name}Output`;

/** Looks a resource up in the outputs of a deployed stack. */
export const calledIn =
  (outputs: Readonly<Record<string, string>>) =>
  (name: OutputName): string => {
    const found = outputs[outputOf(name)];
    if (found === undefined) throw new Error(`The stack has no output ${outputOf(name)}; stack.ts gives them.`);
    return found;
  };

/** The queues in front of the probe, and how many messages each hands over at once at most. */
export const PROBED_QUEUES = { OneByOne: 1, Throwing: 4, NamingSome: 4, NamingUnknown: 4, Relaying: 1 } as const;
export type ProbedQueue = keyof typeof PROBED_QUEUES;

/** The least that Lambda allows. */
export const MAX_CONCURRENCY = 2;

/** Short, so that one can wait for it. */
export const PROBE_TIMEOUT_SECONDS = 2;

/**
 * A message stays hidden longer: Lambda refuses a mapping where it does not. On one machine a function may run longer.
 */
export const PROBE_VISIBILITY_SECONDS =
  Math.ceil(PROBE_TIMEOUT_SECONDS * (process.env['AWS_CONTRACT'] === '1' ? 1 : timeFactor())) + 1;

/** Receives of a message until it goes from Retried to DeadLetters, and in all until it goes on to Parked. */
export const RECEIVES = { retried: 2, deadLetters: 5 } as const;
