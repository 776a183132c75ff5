/**
 * Readings that are not as expected yet, and why. The test of one that is as expected fails until it leaves this list.
 */

/** Cells with a line end and without quotes: both halves become rows, and a task has the cells of neither. */
const SPLIT_CELLS: readonly string[] = [
  'psql-unaligned.txt',
  'mariadb-outfile.tsv timeZone=UTC',
  'mariadb-batch.tsv timeZone=UTC nullWords=NULL',
  'sqlite-tabs.tsv timeZone=UTC',
  'sqlite-list.txt timeZone=UTC',
  'r-write-table-tabs.tsv timeZone=UTC nullWords=NA',
];

export const open: readonly string[] = [...SPLIT_CELLS];
