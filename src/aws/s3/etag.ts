/** S3 writes ETags in quotes everywhere but in its events. */
export const unquoted = (etag: string | undefined): string => (etag ?? '').replaceAll('"', '');
