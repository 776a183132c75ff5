import type { ResourceKind } from './resources/resource-kind.ts';
import { isRecord, type TemplateResource } from './template.ts';

/** The properties that are realised; a property that is on neither list of its type is refused, not overlooked. */
export function ownProperties(
  logicalId: string,
  { Type, Properties = {} }: TemplateResource,
  { realises, ignores }: ResourceKind,
): Readonly<Record<string, unknown>> {
  const unknown = Object.keys(Properties).find((name) => !realises.includes(name) && !(name in ignores));
  if (unknown !== undefined) {
    throw new Error(
      `The local cloud does not know the property ${unknown} of ${logicalId} (${Type}); ` +
        `it realises ${realises.join(', ')} and needs no ${Object.keys(ignores).join(', ')}.`,
    );
  }
  const own = Object.entries(Properties).filter(([name]) => realises.includes(name));
  return Object.fromEntries(own.map(([name, value]) => [name, withoutIgnored(name, value, ignores)]));
}

/** Before references are resolved: what has no effect may refer to what is not made here. */
const withoutIgnored = (property: string, value: unknown, ignores: ResourceKind['ignores']): unknown =>
  isRecord(value)
    ? Object.fromEntries(Object.entries(value).filter(([name]) => !(`${property}.${name}` in ignores)))
    : value;
