/**
 * Readings that are not as expected yet, and why. The test of one that is as expected fails until it leaves this list.
 */

/** Forms of dates and booleans that name their offset, and `\N` for no value. */
const FORMS: readonly string[] = [
  'postgresql-copy.csv',
  'postgresql-copy-kolkata.csv',
  'postgresql-copy-semicolons.csv',
  'postgresql-copy-null.csv',
  'postgresql-copy-timestamp.csv',
  'postgresql-copy-text.tsv',
  'psql-csv.csv',
  'pandas.csv',
  'pandas.csv.gz',
  'pandas-berlin.csv',
  'pandas-floats.csv',
  'pandas-no-index-mark.csv',
  'pandas-strftime.csv',
  'pandas-utf16.csv',
  'duckdb.csv',
  'duckdb.csv.gz',
  'duckdb.json',
  'duckdb-kolkata.csv',
  'duckdb-bars.csv',
  'java-offset.csv',
  'java-zoned.csv',
  'java-informix.csv',
];

/** What the uploader says: the zone of local times, and the words for no value. */
const OPTIONS: readonly string[] = [
  'postgresql-copy-timestamp.csv timeZone=UTC',
  'mariadb-batch-raw.tsv timeZone=UTC nullWords=NULL',
  'sqlite-csv.csv timeZone=UTC',
  'sqlite-csv-null.csv timeZone=UTC nullWords=NULL',
  'pandas-no-index-mark.csv nullWords=NaN',
  'pandas-no-zone.csv timeZone=UTC',
  'r-write-csv.csv timeZone=UTC nullWords=NA',
  'r-write-csv-plain.csv timeZone=UTC',
  'r-write-csv2.csv timeZone=UTC nullWords=NA',
  'duckdb-timestamp.csv timeZone=UTC',
  'duckdb-bars.csv nullWords=NULL',
  'miller.csv nullWords=null',
  'miller-quote-all.csv nullWords=null',
  'miller.tsv nullWords=null',
  'libreoffice.csv timeZone=UTC',
  'libreoffice-semicolons-quoted.csv timeZone=UTC',
  'libreoffice-tabs-utf16.csv timeZone=UTC',
  'libreoffice-german-windows-1252.csv timeZone=UTC',
  'xlsx2csv.csv timeZone=UTC',
  'xlsx2csv-tabs.tsv timeZone=UTC',
];

/** A line above the header. */
const CAPTIONS: readonly string[] = ['powershell-5.csv'];

/** Cells with a line end and without quotes: both halves become rows, and a task has the cells of neither. */
const SPLIT_CELLS: readonly string[] = [
  'psql-unaligned.txt',
  'mariadb-outfile.csv timeZone=UTC nullWords=NULL',
  'mariadb-outfile.tsv timeZone=UTC',
  'mariadb-batch.tsv timeZone=UTC nullWords=NULL',
  'sqlite-tabs.tsv timeZone=UTC',
  'sqlite-list.txt timeZone=UTC',
  'r-write-table-tabs.tsv timeZone=UTC nullWords=NA',
];

export const open: readonly string[] = [...FORMS, ...OPTIONS, ...CAPTIONS, ...SPLIT_CELLS];
