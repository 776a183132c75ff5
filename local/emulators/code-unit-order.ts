/**
 * Sorts keys by their code units. fauxqs sorts the keys of a listing as a dictionary would, but begins a page by code
 * units: of `B` and `a`, whichever comes second is then skipped. It has no option for this, so the comparison itself is
 * replaced, in the thread that fauxqs has for itself.
 */
export function sortByCodeUnits(): void {
  // oxlint-disable-next-line no-extend-native -- nothing else runs in this thread
  String.prototype.localeCompare = function compareCodeUnits(this: string, other: string): number {
    if (this < other) return -1;
    return this > other ? 1 : 0;
  };
}
