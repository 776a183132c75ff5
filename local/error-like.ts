/** Returns true for an error, also for one of another thread or realm, which is not an `instanceof Error` here. */
export const isErrorLike = (value: unknown): value is Error =>
  typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';
