import { resolve } from 'node:path';

/** Resolves a path from the folder where the command was typed: INIT_CWD. npm runs scripts in the package's folder. */
export function pathFromHere(given: string): string {
  const { npm_lifecycle_event: script, INIT_CWD: folder } = process.env;
  return resolve(script === 'demo' && folder !== undefined ? folder : process.cwd(), given);
}
