import Negotiator from 'negotiator';

/**
 * Which of the media types an Accept header likes best; of several that it likes the same, or none, the first of them.
 */
export function preferredType<Type extends string>(
  accept: string | undefined,
  types: readonly [Type, ...Type[]],
): Type {
  // Whoever names the one encoding that there is asks for the same.
  const forms = new Map(types.flatMap((type) => [type, `${type}; charset=utf-8`].map((form) => [form, type] as const)));
  const liked = new Negotiator({ headers: { accept } }).mediaType([...forms.keys()]) ?? '';
  return forms.get(liked) ?? types[0];
}
