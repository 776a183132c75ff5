/**
 * The most megabytes of new objects that a worker thread keeps before it collects garbage. Node's default is 48 MB for
 * each thread, whatever the number of threads: twenty threads would hold a gigabyte of garbage.
 */
export const YOUNG_GENERATION_MB = 6;
