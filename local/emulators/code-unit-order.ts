/**
 * Makes fauxqs sort keys by code units, as S3 does. fauxqs sorts the keys of a listing as a dictionary would, but
 * begins a page by code units: of `B` and `a`, it would skip whichever comes second. It has no option for this, so the
 * comparison itself is replaced, in the thread that only fauxqs uses.
 */
export function sortByCodeUnits(): void {
  // oxlint-disable-next-line no-extend-native -- nothing else runs in this thread
  String.prototype.localeCompare = function compareCodeUnits(this: string, other: string): number {
    if (this < other) return -1;
    return this > other ? 1 : 0;
  };
}
