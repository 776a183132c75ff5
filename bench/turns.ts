import { join } from 'node:path';
import type { LocalCloudOptions } from '../local/cloud.ts';
import { startService, type Service } from '../test/e2e/support/service.ts';
import { runFile } from './project.ts';
import { startTextbook, type Textbook } from './textbook/textbook.ts';

/** Some four seconds of either: by then the code of every sandbox is compiled, as it is in a service that runs. */
const WARM_UP_ROWS = { project: 50_000, textbook: 5_000 } as const;

/**
 * Whoever's turn it is has the machine alone, on a cloud that was empty at its start: no sample pays for what others
 * have stored, or for a neighbour that polls.
 */
export interface Turns {
  /** Of this project; warmed up unless it is to be seen from its cold start on. */
  project<T>(
    use: (service: Service) => Promise<T>,
    options?: LocalCloudOptions & { readonly cold?: boolean },
  ): Promise<T>;
  textbook<T>(use: (textbook: Textbook) => Promise<T>): Promise<T>;
}

export interface TurnsOptions {
  /** Keeps all state on disk, in this folder; undefined: in memory. */
  readonly dataDir: string | undefined;
  /** The synthesized textbook. */
  readonly textbookAssembly: string;
  /** Hears what goes wrong in a cloud: a sample may have suffered from it. */
  readonly onLine: (line: string) => void;
}

export const turnsOf = ({ dataDir, textbookAssembly, onLine }: TurnsOptions): Turns => ({
  async project(use, { cold = false, ...options } = {}) {
    await using service = await startService({ ...stateOf(dataDir, 'project'), schedules: false, onLine, ...options });
    if (!cold) await runFile(service, WARM_UP_ROWS.project);
    return await use(service);
  },
  async textbook(use) {
    await using textbook = await startTextbook(textbookAssembly, { ...stateOf(dataDir, 'textbook'), onLine });
    await textbook.rowsPerSecond(WARM_UP_ROWS.textbook);
    return await use(textbook);
  },
});

const stateOf = (dataDir: string | undefined, name: string): LocalCloudOptions =>
  dataDir === undefined ? {} : { dataDir: join(dataDir, name), fresh: true };
