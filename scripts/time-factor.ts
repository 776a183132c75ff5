/** The milliseconds that {@link workMs} takes on the machine for which the time limits of the tests were chosen. */
const REFERENCE_MS = 250;

/** The least and the highest factor. The least leaves room for other work of the machine. */
const FACTOR_MIN = 3;
const FACTOR_MAX = 30;

/** Returns how many times longer than on AWS work may take on this machine now. */
export const measureTimeFactor = (): number =>
  Math.min(FACTOR_MAX, Math.max(FACTOR_MIN, Math.ceil((FACTOR_MIN * workMs()) / REFERENCE_MS)));

/** Measures a small sample of the work of tests. */
function workMs(): number {
  const begin = performance.now();
  for (let round = 0; round < 600; round++) {
    const rows = Array.from({ length: 1_000 }, (_, n) => ({ id: n, title: `Task ${n}`, isComplete: n % 2 === 0 }));
    JSON.parse(JSON.stringify(rows));
  }
  return performance.now() - begin;
}
