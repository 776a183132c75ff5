import { SQSClient } from '@aws-sdk/client-sqs';

/**
 * Returns what is missing for calls to AWS: what the SDK, and so the CDK, does not find in the environment, a profile,
 * single sign-on or the role of the machine. Each entry says how to provide it.
 */
export async function findMissingForAws(region: string | undefined): Promise<readonly string[]> {
  const { config } = new SQSClient(region ? { region } : {});
  const found = (read: () => Promise<unknown>): Promise<boolean> => read().then(Boolean, () => false);
  const missing: string[] = [];
  if (!(await found(config.credentials))) {
    missing.push(
      'credentials of an AWS account: sign in (aws sso login), or set AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    );
  }
  if (!(await found(config.region))) {
    missing.push('a region: set AWS_REGION or CDK_REGION');
  }
  return missing;
}
