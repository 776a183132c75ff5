import * as z from 'zod';
import { environment, type EnvironmentName } from '../../contract/index.ts';

type Values<Name extends EnvironmentName> = { readonly [N in Name]: z.output<(typeof environment)[N]> };

/**
 * Reads variables of this function's environment, once at its start.
 * @throws ZodError with each variable that is missing or wrong: the deployment is at fault, no event can be handled
 */
export function readEnvironment<Name extends EnvironmentName>(...names: readonly Name[]): Values<Name> {
  const shape = Object.fromEntries(names.map((name) => [name, environment[name]]));
  return z.object(shape).parse(process.env) as Values<Name>;
}
