import type { Context } from 'aws-lambda';
import type { SweepReport } from '../../engine/index.ts';
import { toErrorFields, log } from '../runtime/log.ts';
import { openSweep } from '../wiring/sweep.ts';

const sweep = openSweep();

/** Runs once a minute. Its log says what it found to do, for the alarms. */
export async function handler(_event: unknown, context: Context): Promise<SweepReport> {
  const deadline = { remainingMilliseconds: () => context.getRemainingTimeInMillis() };
  const report = await sweep.run(deadline, (reason) => log.error('sweep_failed', toErrorFields(reason)));
  if (Object.values(report).some((count) => count > 0)) log.warn('sweep_found', report);
  return report;
}
