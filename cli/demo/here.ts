import { resolve } from 'node:path';

/** npm runs scripts in the package's folder; INIT_CWD is the one that the person typed the command in. */
export function pathFromHere(given: string): string {
  const { npm_lifecycle_event: script, INIT_CWD: folder } = process.env;
  return resolve(script === 'demo' && folder !== undefined ? folder : process.cwd(), given);
}
