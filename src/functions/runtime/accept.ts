import Negotiator from 'negotiator';

/** Picks the media type that an Accept header prefers; the first one if it prefers several equally, or accepts none. */
export function negotiateType<Type extends string>(
  accept: string | undefined,
  types: readonly [Type, ...Type[]],
): Type {
  // A caller may name the charset: there is only this one.
  const forms = new Map(types.flatMap((type) => [type, `${type}; charset=utf-8`].map((form) => [form, type] as const)));
  const preferred = new Negotiator({ headers: { accept } }).mediaType([...forms.keys()]) ?? '';
  return forms.get(preferred) ?? types[0];
}
