import { openAwsStage } from './aws-stage.ts';
import { openLocalStage } from './local-stage.ts';
import type { Stage } from './stage.ts';

/** Opens the local cloud, or your own account if `AWS_CONTRACT` is 1. */
export async function openStage({ AWS_CONTRACT: wanted = '' } = process.env): Promise<Stage> {
  if (wanted !== '' && wanted !== '1') {
    throw new Error(`AWS_CONTRACT="${wanted}": set it to 1 for a run on an AWS account, or leave it out.`);
  }
  return wanted === '1' ? await openAwsStage() : await openLocalStage();
}
