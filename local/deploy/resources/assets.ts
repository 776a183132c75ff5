import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

interface AssetsManifest {
  readonly files?: Readonly<Record<string, AssetFile>>;
}

interface AssetFile {
  readonly source: { readonly path: string; readonly packaging: string };
  readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
}

/** Finds the folder of an asset by the object key that the template uses. */
export interface Assets {
  folder(objectKey: string): string;
}

export async function readAssets(assemblyFolder: string): Promise<Assets> {
  const names = (await readdir(assemblyFolder)).filter((name) => name.endsWith('.assets.json'));
  const folders = new Map<string, string>();
  for (const name of names) {
    const manifest = JSON.parse(await readFile(join(assemblyFolder, name), 'utf8')) as AssetsManifest;
    for (const { source, destinations } of Object.values(manifest.files ?? {})) {
      if (source.packaging !== 'zip') continue;
      for (const { objectKey } of Object.values(destinations))
        folders.set(objectKey, resolve(assemblyFolder, source.path));
    }
  }
  return {
    folder(objectKey) {
      const folder = folders.get(objectKey);
      if (folder !== undefined) return folder;
      throw new Error(
        `No asset ${objectKey} in the manifests ${names.join(', ')} of ${assemblyFolder}. Synthesize again.`,
      );
    },
  };
}
