import { openAwsStage } from './aws-stage.ts';
import { openLocalStage } from './local-stage.ts';
import type { Stage } from './stage.ts';

/** Opens the local cloud, or your own AWS account if `AWS_CONTRACT` is 1. */
export async function openStage({ AWS_CONTRACT: wanted = '' } = process.env): Promise<Stage> {
  if (wanted !== '' && wanted !== '1') {
    throw new Error(
      `AWS_CONTRACT is "${wanted}". Allowed: 1, for a run on an AWS account. Leave it out for the local cloud.`,
    );
  }
  return wanted === '1' ? await openAwsStage() : await openLocalStage();
}
