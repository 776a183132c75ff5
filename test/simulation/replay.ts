import { parseArgs } from 'node:util';
import { Dice, numbersOf, planOf, simulate } from '../kit/simulation/index.ts';

/** Plays the history of one seed and prints it: node test/simulation/replay.ts --seed 42 [--sweep off] */
const { values } = parseArgs({ options: { seed: { type: 'string' }, sweep: { type: 'string' } } });
const seed = Number(values.seed);
if (!Number.isInteger(seed) || seed < 0) {
  throw new RangeError(`--seed takes a whole number from 0 on, not "${values.seed}". A failing run prints its seeds.`);
}
const plan = planOf(seed, values.sweep === 'off' ? { sweep: false } : {});
const print = (line: string): void => void process.stdout.write(`${line}\n`);
print(`plan ${JSON.stringify(plan)}`);
const { violations, history } = await simulate(plan, new Dice(numbersOf(seed)), { trace: print });
for (const { job, failures, runs, stored } of history.files) {
  print(`job ${JSON.stringify(job)}`);
  print(`failures ${JSON.stringify(failures.map(({ index, code }) => [index, code]))}`);
  for (const { run, items, failures: again } of runs) {
    print(
      `redrive ${JSON.stringify(run)} of rows ${items.join(', ')}, failed: ${again.map(({ index }) => index).join(', ')}`,
    );
  }
  print(`rows ${JSON.stringify(stored.map(({ item, edit }) => [item?.content.title, edit?.kind]))}`);
}
print(violations.length === 0 ? 'no violation' : violations.join('\n'));
process.exitCode = Math.min(1, violations.length);
