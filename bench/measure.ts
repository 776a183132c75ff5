import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureCeiling } from './ceiling.ts';
import { countFile, type FileCounts } from './counts.ts';
import { observeFile, type Observation } from './observe.ts';
import { runFile, type FileRun } from './project.ts';
import type { Scope } from './scope.ts';
import { readConfiguration, type Setting } from './setting.ts';
import { synthesizeTextbook } from './textbook/stack.ts';
import { makeRunner, type Runner } from './runner.ts';

/** How the benchmark measures, besides the {@link Scope}. */
export interface Means {
  /** The folder that keeps all state on disk. Undefined: state is in memory. */
  readonly dataDir: string | undefined;
  /** The number of clients of the ceiling. */
  readonly clients: number;
  /** The seed of the shuffled delivery. */
  readonly seed: number;
  /** Receives progress and errors. */
  readonly report: (line: string) => void;
}

export interface Measured {
  readonly configuration: Setting;
  /** The runs by size. The samples of all sizes were taken in turn. */
  readonly files: ReadonlyMap<number, readonly FileRun[]>;
  /** The rates: rows per second of the textbook, items per second of the ceiling. */
  readonly textbook: readonly number[];
  readonly ceiling: readonly number[];
  readonly inOrder: FileCounts;
  readonly shuffled: FileCounts;
  /** The observations by size, ascending. */
  readonly observed: readonly Observation[];
}

export async function measure(scope: Scope, means: Means): Promise<Measured> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'bench-textbook-'));
  const runner = makeRunner({
    dataDir: means.dataDir,
    textbookAssembly: synthesizeTextbook(folder.path),
    onLine: means.report,
  });
  const samples = await takeSamples(runner, scope, means);
  const { rows, sizes } = scope;
  const { seed, report } = means;
  report(`Counting the calls for ${rows} rows, in order`);
  const { inOrder, configuration } = await runner.project(async (service) => ({
    inOrder: await countFile(service, rows),
    configuration: readConfiguration(service.cloud.stack),
  }));
  report(`Counting the calls for ${rows} rows, shuffled by seed ${seed}`);
  const shuffled = await runner.project((service) => countFile(service, rows), { eventSources: { shuffle: seed } });
  const observed: Observation[] = [];
  for (const size of sizes) {
    report(`Observing the sandboxes at ${size} rows`);
    observed.push(await observeFile(runner, size));
  }
  return { ...samples, configuration, inOrder, shuffled, observed };
}

type Samples = Pick<Measured, 'files' | 'textbook' | 'ceiling'>;

async function takeSamples(runner: Runner, { rows, runs, sizes }: Scope, { clients, report }: Means): Promise<Samples> {
  const files = new Map<number, FileRun[]>(sizes.map((size) => [size, []]));
  const textbook: number[] = [];
  const ceiling: number[] = [];
  for (let run = 1; run <= runs; run++) {
    for (const [size, of] of files) {
      report(`Run ${run} of ${runs}: the project, ${size} rows`);
      of.push(await runner.project((service) => runFile(service, size)));
    }
    report(`Run ${run} of ${runs}: the textbook, ${rows} rows`);
    textbook.push(await runner.textbook((one) => one.rowsPerSecond(rows)));
    report(`Run ${run} of ${runs}: the ceiling, ${rows} items`);
    const idle = { cold: true, eventSources: false } as const;
    ceiling.push(await runner.project(({ cloud }) => measureCeiling(cloud, rows, clients), idle));
  }
  return { files, textbook, ceiling };
}
