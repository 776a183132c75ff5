import type { ResourceKind } from './resources/resource-kind.ts';
import { isRecord, type TemplateResource } from './template.ts';

/**
 * Returns the properties that the local cloud supports. Refuses a property that is on neither list of its type, so that
 * none is overlooked.
 */
export function supportedProperties(
  logicalId: string,
  { Type, Properties = {} }: TemplateResource,
  { supports, ignores }: ResourceKind,
): Readonly<Record<string, unknown>> {
  const unknown = Object.keys(Properties).find((name) => !supports.includes(name) && !(name in ignores));
  if (unknown !== undefined) {
    throw new Error(
      `The local cloud does not support the property ${unknown} of ${logicalId} (${Type}). ` +
        `It supports ${supports.join(', ')}, and ignores ${Object.keys(ignores).join(', ')}.`,
    );
  }
  const supported = Object.entries(Properties).filter(([name]) => supports.includes(name));
  return Object.fromEntries(supported.map(([name, value]) => [name, withoutIgnored(name, value, ignores)]));
}

/** Removes ignored properties before references are resolved: they may refer to resources that are not created here. */
const withoutIgnored = (property: string, value: unknown, ignores: ResourceKind['ignores']): unknown =>
  isRecord(value)
    ? Object.fromEntries(Object.entries(value).filter(([name]) => !(`${property}.${name}` in ignores)))
    : value;
