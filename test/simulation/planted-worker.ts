import { registerHooks } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { PlanChoice } from '../kit/simulation/index.ts';
import type { Edit } from './bug.ts';

export interface PlantedTask {
  readonly edits: readonly Edit[];
  readonly plans: PlanChoice;
  readonly firstSeed: number;
  readonly budget: number;
}

export interface PlantedResult {
  /** The edits whose old text does not occur in its file exactly once. */
  readonly misplaced: readonly string[];
  readonly seeds: number;
  readonly caught?: { readonly seed: number; readonly violation: string };
}

const { edits, plans, firstSeed, budget }: PlantedTask = workerData;
const placed = new Set<Edit>();

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const ofFile = edits.filter(({ file }) => url.endsWith(`/${file}`));
    if (ofFile.length === 0) return loaded;
    const bytes = loaded.source;
    let source = typeof bytes === 'string' ? bytes : Buffer.from(bytes as Uint8Array).toString();
    for (const edit of ofFile) {
      if (source.split(edit.from).length !== 2) continue;
      source = source.replace(edit.from, () => edit.to);
      placed.add(edit);
    }
    return { ...loaded, source };
  },
});

// Imported after the hook. Otherwise the engine would be loaded without the bug.
const { Dice, numbersOf, planOf, simulate } = await import('../kit/simulation/index.ts');

async function violationOf(seed: number): Promise<string | undefined> {
  try {
    return (await simulate(planOf(seed, plans), new Dice(numbersOf(seed)))).violations[0];
  } catch (error) {
    // A bug may also break code that the checkers themselves use.
    return String(error);
  }
}

async function hunt(): Promise<PlantedResult> {
  const misplaced = edits.filter((edit) => !placed.has(edit)).map(({ file, from }) => `${file}: ${from}`);
  for (let seed = firstSeed; seed < firstSeed + budget && misplaced.length === 0; seed++) {
    const violation = await violationOf(seed);
    if (violation !== undefined) return { misplaced, seeds: seed + 1 - firstSeed, caught: { seed, violation } };
  }
  return { misplaced, seeds: budget };
}

parentPort?.postMessage(await hunt());
