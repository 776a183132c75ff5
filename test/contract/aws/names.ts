import { timeFactor } from '../../../local/time-factor.ts';

/** The names of the resources in the outputs of the stack. The facts and the stack use no others. */
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

/** Returns the name of an output in the template. It has a suffix, because most resources have the bare name. */
export const outputOf = (name: OutputName): string => `${name}Output`;

/** Looks a resource up in the outputs of a deployed stack. */
export const calledIn =
  (outputs: Readonly<Record<string, string>>) =>
  (name: OutputName): string => {
    const found = outputs[outputOf(name)];
    if (found === undefined) throw new Error(`The outputs in stack.ts lack ${outputOf(name)}.`);
    return found;
  };

/** The queues of the probe, with the most messages that each delivers at once. */
export const PROBED_QUEUES = { OneByOne: 1, Throwing: 4, NamingSome: 4, NamingUnknown: 4, Relaying: 1 } as const;
export type ProbedQueue = keyof typeof PROBED_QUEUES;

/** The lowest concurrency that Lambda allows. */
export const MAX_CONCURRENCY = 2;

/** A short time limit, so that a test can wait for it. */
export const PROBE_TIMEOUT_SECONDS = 2;

/**
 * The visibility timeout is longer than the time limit, or Lambda refuses the mapping. On one machine a function may
 * run longer.
 */
export const PROBE_VISIBILITY_SECONDS =
  Math.ceil(PROBE_TIMEOUT_SECONDS * (process.env['AWS_CONTRACT'] === '1' ? 1 : timeFactor())) + 1;

/** The receives of a message until it moves from Retried to DeadLetters, and in total until it moves to Parked. */
export const RECEIVES = { retried: 2, deadLetters: 5 } as const;
