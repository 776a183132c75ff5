import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureCeiling } from './ceiling.ts';
import { countFile, type FileCounts } from './counts.ts';
import { observeFile, type Observation } from './observe.ts';
import { runFile, type FileRun } from './project.ts';
import type { Scope } from './scope.ts';
import { configurationOf, type Setting } from './setting.ts';
import { synthesizeTextbook } from './textbook/stack.ts';
import { turnsOf, type Turns } from './turns.ts';

/** How something is measured, besides {@link Scope}. */
export interface Means {
  /** Keeps all state on disk, in this folder; undefined: in memory. */
  readonly dataDir: string | undefined;
  /** Clients of the ceiling. */
  readonly clients: number;
  /** Of the shuffled delivery. */
  readonly seed: number;
  /** Hears what comes next, and what goes wrong. */
  readonly tell: (line: string) => void;
}

export interface Measured {
  readonly configuration: Setting;
  /** By size; the samples of all were taken in turn. */
  readonly files: ReadonlyMap<number, readonly FileRun[]>;
  /** Rows, and items, per second. */
  readonly textbook: readonly number[];
  readonly ceiling: readonly number[];
  readonly inOrder: FileCounts;
  readonly shuffled: FileCounts;
  /** By size, ascending. */
  readonly observed: readonly Observation[];
}

export async function measure(scope: Scope, means: Means): Promise<Measured> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'bench-textbook-'));
  const turns = turnsOf({
    dataDir: means.dataDir,
    textbookAssembly: synthesizeTextbook(folder.path),
    onLine: means.tell,
  });
  const samples = await takeSamples(turns, scope, means);
  const { rows, sizes } = scope;
  const { seed, tell } = means;
  tell(`Counting the calls for ${rows} rows, in order`);
  const { inOrder, configuration } = await turns.project(async (service) => ({
    inOrder: await countFile(service, rows),
    configuration: configurationOf(service.cloud.stack),
  }));
  tell(`Counting the calls for ${rows} rows, shuffled by seed ${seed}`);
  const shuffled = await turns.project((service) => countFile(service, rows), { eventSources: { shuffle: seed } });
  const observed: Observation[] = [];
  for (const size of sizes) {
    tell(`Observing the sandboxes at ${size} rows`);
    observed.push(await observeFile(turns, size));
  }
  return { ...samples, configuration, inOrder, shuffled, observed };
}

type Samples = Pick<Measured, 'files' | 'textbook' | 'ceiling'>;

async function takeSamples(turns: Turns, { rows, runs, sizes }: Scope, { clients, tell }: Means): Promise<Samples> {
  const files = new Map<number, FileRun[]>(sizes.map((size) => [size, []]));
  const textbook: number[] = [];
  const ceiling: number[] = [];
  for (let run = 1; run <= runs; run++) {
    for (const [size, of] of files) {
      tell(`Run ${run} of ${runs}: the project, ${size} rows`);
      of.push(await turns.project((service) => runFile(service, size)));
    }
    tell(`Run ${run} of ${runs}: the textbook, ${rows} rows`);
    textbook.push(await turns.textbook((one) => one.rowsPerSecond(rows)));
    tell(`Run ${run} of ${runs}: the ceiling, ${rows} items`);
    const idle = { cold: true, eventSources: false } as const;
    ceiling.push(await turns.project(({ cloud }) => measureCeiling(cloud, rows, clients), idle));
  }
  return { files, textbook, ceiling };
}
