import { DEFAULT_TENANT, UPLOADS_PREFIX } from '../../contract/index.ts';
import type { CutRule, Jobs, ReceiveRules, Tolerance } from '../../engine/index.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { cutRule, systemClock as clock, toTolerance } from './settings.ts';

/** How this deployment cuts new files, and which failures it tolerates in an upload that does not say. */
export function readFileDefaults(): { readonly cut: CutRule; readonly tolerance: Tolerance } {
  const env = readEnvironment('ROWS_PER_MESSAGE', 'TOLERATED_FAILURE_PERCENTAGE', 'TOLERATED_FAILURE_COUNT');
  return {
    cut: cutRule(env.ROWS_PER_MESSAGE),
    tolerance: toTolerance(env.TOLERATED_FAILURE_PERCENTAGE, env.TOLERATED_FAILURE_COUNT),
  };
}

/** How an object in the bucket gets its job. The rules are the same for its event, its dead letter and the sweep. */
export const receiveRules = (jobs: Jobs): ReceiveRules => ({
  jobs,
  clock,
  ...readFileDefaults(),
  prefix: UPLOADS_PREFIX,
  tenant: DEFAULT_TENANT,
});
