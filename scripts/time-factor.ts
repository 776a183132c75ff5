/** What {@link workMs} takes on the machine that the tests' limits of time were chosen on. */
const REFERENCE_MS = 250;

/** Room for what else a machine does while tests run on it. */
const LEAST = 3;
const MOST = 30;

/** How many times as long as on AWS things may take on this machine, as it is now. */
export const measuredTimeFactor = (): number =>
  Math.min(MOST, Math.max(LEAST, Math.ceil((LEAST * workMs()) / REFERENCE_MS)));

/** A little of what tests keep a machine busy with. */
function workMs(): number {
  const begin = performance.now();
  for (let round = 0; round < 600; round++) {
    const rows = Array.from({ length: 1_000 }, (_, n) => ({ id: n, title: `Task ${n}`, isComplete: n % 2 === 0 }));
    JSON.parse(JSON.stringify(rows));
  }
  return performance.now() - begin;
}
