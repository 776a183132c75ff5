import { failuresUpTo, firstFailure, type ItemFailure, type Job } from '../../src/engine/index.ts';
import { MemoryJobs, type MemoryLedger } from './memory/index.ts';

/** Returns every failed item of a job that was never redriven, in order. */
export async function failuresOf(ledger: MemoryLedger, job: Job): Promise<readonly ItemFailure[]> {
  const ports = { jobs: new MemoryJobs(), ledger, failures: ledger };
  return (await failuresUpTo(ports, job, firstFailure(), Infinity)).failures;
}
