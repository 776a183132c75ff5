import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from './planted.ts';

interface Metafile {
  readonly outputs: Readonly<
    Record<string, { readonly entryPoint?: string; readonly inputs: Readonly<Record<string, unknown>> }>
  >;
}
interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
}

const readJson = async <T>(path: string): Promise<T> => JSON.parse(await readFile(join(root, path), 'utf8')) as T;

/** Resolves to each bundled file, with the entry point that contains it. */
async function bundledFiles(): Promise<readonly [entryPoint: string, file: string][]> {
  const { outputs } = await readJson<Metafile>('dist/metafile.json');
  return Object.values(outputs).flatMap(({ entryPoint, inputs }) =>
    entryPoint === undefined ? [] : Object.keys(inputs).map((file): [string, string] => [entryPoint, file]),
  );
}

/**
 * Returns the folder of a package as the lock file names it: `node_modules/a/node_modules/@b/c` for
 * `node_modules/a/node_modules/@b/c/index.js`.
 */
const packageFolder = (file: string): string | undefined =>
  /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];

describe('the bundles', () => {
  it('contain every function, each with an entry point', async () => {
    const entryPoints = new Set((await bundledFiles()).map(([entryPoint]) => entryPoint));
    expect(entryPoints.size).toBeGreaterThan(0);
    for (const entryPoint of entryPoints)
      expect(entryPoint).toMatch(/^src\/functions\/(http|queue|schedule)\/[\w-]+\.ts$/);
  });

  it('contain no file from outside src, except runtime dependencies', async () => {
    const { packages } = await readJson<Lock>('package-lock.json');
    const isRuntimePackage = (folder: string): boolean =>
      packages[folder] !== undefined && packages[folder].dev !== true;
    const outsiders = (await bundledFiles()).filter(([, file]) => {
      const folder = packageFolder(file);
      return folder === undefined ? !file.startsWith('src/') : !isRuntimePackage(folder);
    });
    expect(outsiders).toEqual([]);
  });

  it('contain no schemas of the API where a function only processes files', async () => {
    const hasSchemas = (await bundledFiles()).filter(([, file]) => file === 'src/contract/task-file.ts');
    const entryPoints = hasSchemas.map(([entryPoint]) => entryPoint.replace('src/functions/', ''));
    expect(entryPoints.filter((name) => !name.startsWith('http/'))).toEqual(['queue/complete-task-file-subscriber.ts']);
  });

  it('contain no test', async () => {
    expect((await bundledFiles()).filter(([, file]) => file.endsWith('.test.ts'))).toEqual([]);
  });
});
