/**
 * How many times as long as on AWS a function may run on this machine. A laptop that also runs the stand-ins of S3, SQS
 * and DynamoDB is slower than Lambda, and a late answer is worth more than none.
 */
const DEFAULT_FACTOR = 3;

/** `TIME_FACTOR` sets another one. */
export function timeFactor({ TIME_FACTOR: text } = process.env): number {
  if (text === undefined || text === '') return DEFAULT_FACTOR;
  const factor = Number(text);
  if (factor >= 1 && factor <= 1_000) return factor;
  throw new RangeError(
    `TIME_FACTOR="${text}": how many times as long as on AWS a function may run here, from 1 to 1000. Leave it out for ${DEFAULT_FACTOR}.`,
  );
}
