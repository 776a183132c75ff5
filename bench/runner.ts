import { join } from 'node:path';
import type { LocalCloudOptions } from '../local/cloud.ts';
import { startService, type Service } from '../test/e2e/support/service.ts';
import { runFile } from './project.ts';
import { startTextbook, type Textbook } from './textbook/textbook.ts';

/** About four seconds of either. By then the code of every sandbox is compiled, as in a running service. */
const WARM_UP_ROWS = { project: 50_000, textbook: 5_000 } as const;

/**
 * Runs one sample after the other. Each has the machine alone, on a cloud that was empty at its start: no sample pays
 * for data of another, or for another that polls.
 */
export interface Runner {
  /** Runs this project, after a warm-up unless the sample includes the cold start. */
  project<T>(
    use: (service: Service) => Promise<T>,
    options?: LocalCloudOptions & { readonly cold?: boolean },
  ): Promise<T>;
  textbook<T>(use: (textbook: Textbook) => Promise<T>): Promise<T>;
}

export interface RunnerOptions {
  /** The folder that keeps all state on disk. Undefined: state is in memory. */
  readonly dataDir: string | undefined;
  /** The folder of the synthesized textbook. */
  readonly textbookAssembly: string;
  /** Receives the errors of a cloud, because they may have affected a sample. */
  readonly onLine: (line: string) => void;
}

export const makeRunner = ({ dataDir, textbookAssembly, onLine }: RunnerOptions): Runner => ({
  async project(use, { cold = false, ...options } = {}) {
    await using service = await startService({
      ...toStateOptions(dataDir, 'project'),
      schedules: false,
      onLine,
      ...options,
    });
    if (!cold) await runFile(service, WARM_UP_ROWS.project);
    return await use(service);
  },
  async textbook(use) {
    await using textbook = await startTextbook(textbookAssembly, { ...toStateOptions(dataDir, 'textbook'), onLine });
    await textbook.rowsPerSecond(WARM_UP_ROWS.textbook);
    return await use(textbook);
  },
});

const toStateOptions = (dataDir: string | undefined, name: string): LocalCloudOptions =>
  dataDir === undefined ? {} : { dataDir: join(dataDir, name), fresh: true };
