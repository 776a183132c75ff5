import { timeFactor } from '../../../local/time-factor.ts';

/** The names of the resources in the outputs of the stack. The facts and the stack know no others. */
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

/** Returns the name of an output in the template, where most resources have the bare name. */
export const outputOf = (name: OutputName): string => `${name}Output`;

/** Finds resources in the outputs of a deployed stack. */
export const calledIn =
  (outputs: Readonly<Record<string, string>>) =>
  (name: OutputName): string => {
    const found = outputs[outputOf(name)];
    if (found === undefined)
      throw new Error(`The stack has no output ${outputOf(name)}. stack.ts defines the outputs.`);
    return found;
  };

/** The queues of the probe, with the batch size of each. */
export const PROBED_QUEUES = { OneByOne: 1, Throwing: 4, NamingSome: 4, NamingUnknown: 4, Relaying: 1 } as const;
export type ProbedQueue = keyof typeof PROBED_QUEUES;

/** The least concurrency that Lambda allows. */
export const MAX_CONCURRENCY = 2;

/** The timeout of the probe, short enough for a test to wait for. */
export const PROBE_TIMEOUT_SECONDS = 2;

/**
 * The visibility timeout, which must be longer than the timeout of the function: otherwise Lambda refuses the mapping.
 * In the local cloud a function may run longer.
 */
export const PROBE_VISIBILITY_SECONDS =
  Math.ceil(PROBE_TIMEOUT_SECONDS * (process.env['AWS_CONTRACT'] === '1' ? 1 : timeFactor())) + 1;

/** The receives of a message until it moves from Retried to DeadLetters, and in total until it moves to Parked. */
export const RECEIVES = { retried: 2, deadLetters: 5 } as const;
