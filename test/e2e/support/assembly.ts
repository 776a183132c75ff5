import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synth } from '../../../local/synth.ts';

/** An assembly of the project with functions that have less time. */
export interface HurriedAssembly extends AsyncDisposable {
  readonly folder: string;
}

/** The project's assembly, but for time limits: `{ UploadTaskSubscriberFunction: 5 }`. */
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

/** Logical ids end with a hash; one more word before it would be another resource of the function. */
export function functionOf(logicalIds: Iterable<string>, construct: string): string {
  const found = Array.from(logicalIds).find((id) => id.replace(/[0-9A-F]{8}$/, '') === construct);
  if (found === undefined) throw new Error(`The template has no ${construct}.`);
  return found;
}
