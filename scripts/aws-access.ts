import { SQSClient } from '@aws-sdk/client-sqs';

/**
 * What is missing to talk to AWS: what the SDK, and so the CDK, does not find in the environment, a profile, single
 * sign-on or the machine's own role. Each entry says how to provide it; none: nothing is missing.
 */
export async function missingForAws(region: string | undefined): Promise<readonly string[]> {
  const { config } = new SQSClient(region ? { region } : {});
  const found = (read: () => Promise<unknown>): Promise<boolean> => read().then(Boolean, () => false);
  const lacks: string[] = [];
  if (!(await found(config.credentials))) {
    lacks.push(
      'credentials of an AWS account: sign in (aws sso login), or set AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    );
  }
  if (!(await found(config.region))) {
    lacks.push('a region: set AWS_REGION or CDK_REGION');
  }
  return lacks;
}
