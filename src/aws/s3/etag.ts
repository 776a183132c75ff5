/** S3 puts ETags in quotes everywhere but in its events. */
export const unquote = (etag: string | undefined): string => (etag ?? '').replaceAll('"', '');
