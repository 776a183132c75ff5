/**
 * The most that a worker thread keeps of new objects before it collects garbage. Node gives a thread 48 MB of its own,
 * in proportion to the memory of the machine and not to the number of threads: twenty of them would hold a gigabyte of
 * garbage.
 */
export const YOUNG_GENERATION_MB = 6;
