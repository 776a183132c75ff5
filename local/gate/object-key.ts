/** What the file system takes as one name, less the ending `.meta.json` that fauxqs adds. */
const SEGMENT_MAX_BYTES = 245;

/**
 * Why a key can't be stored, or undefined. On disk fauxqs makes a path of the key, so `..` would leave the data folder,
 * an empty part fall together with another key, and a long one end in an error of the file system.
 */
export function keyRefusal(key: string, onDisk: boolean): string | undefined {
  const segments = key.replace(/\/$/, '').split('/');
  if (segments.some((segment) => segment === '.' || segment === '..')) {
    return `The key ${key} has a part . or .., which the local S3 does not take. Use another name.`;
  }
  if (!onDisk || key === '') return undefined;
  if (segments.includes('')) return `The key ${key} has an empty part, which the local S3 does not take on disk.`;
  const long = segments.find((segment) => encodedBytes(segment) > SEGMENT_MAX_BYTES);
  return long === undefined
    ? undefined
    : `A part of the key is ${encodedBytes(long)} bytes long; the local S3 takes ${SEGMENT_MAX_BYTES} on disk.`;
}

/** The length of the file name that fauxqs makes: characters that Windows refuses become three bytes. */
function encodedBytes(segment: string): number {
  return Buffer.byteLength(segment) + 2 * (segment.match(/[<>:"|?*\\%\u0000-\u001f]/g)?.length ?? 0);
}
