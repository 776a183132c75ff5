import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synth } from '../../../local/synth.ts';

/** An assembly of the project whose functions have shorter time limits. */
export interface HurriedAssembly extends AsyncDisposable {
  readonly folder: string;
}

/** Writes the project's assembly with other time limits in seconds, such as `{ UploadTaskSubscriberFunction: 5 }`. */
export async function hurriedAssembly(seconds: Readonly<Record<string, number>>): Promise<HurriedAssembly> {
  const folder = await mkdtemp(join(tmpdir(), 'task-service-hurry-'));
  await cp(await synth({ root: join(import.meta.dirname, '..', '..', '..') }), folder, { recursive: true });
  const name = (await readdir(folder)).find((file) => file.endsWith('.template.json')) ?? '';
  const template = JSON.parse(await readFile(join(folder, name), 'utf8'));
  for (const [construct, limit] of Object.entries(seconds)) {
    template.Resources[functionOf(Object.keys(template.Resources), construct)].Properties.Timeout = limit;
  }
  await writeFile(join(folder, name), JSON.stringify(template));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

/**
 * Finds the logical id of a function. Ids end with a hash, and a further word before it names another resource of the
 * function.
 */
export function functionOf(logicalIds: Iterable<string>, construct: string): string {
  const found = Array.from(logicalIds).find((id) => id.replace(/[0-9A-F]{8}$/, '') === construct);
  if (found === undefined) throw new Error(`The template has no ${construct}.`);
  return found;
}
