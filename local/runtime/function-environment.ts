import { devNull } from 'node:os';
import { LOCAL_SECRET_ACCESS_KEY } from '../account.ts';
import type { DeployedFunction, DeployedStack } from '../model.ts';

/**
 * How many times longer than on AWS a call may take: the emulators share this machine with the functions that call
 * them.
 */
const SERVICE_PATIENCE = '15';

/**
 * Returns all environment variables of a function. Nothing is inherited: with the host's AWS_PROFILE or shared
 * configuration files a function could reach a real account.
 */
export function functionEnvironment(fn: DeployedFunction, stack: DeployedStack): Record<string, string> {
  const { endpoints, region } = stack;
  return {
    ...fn.environment,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: fn.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${fn.functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    LAMBDA_TASK_ROOT: fn.codeFolder,
    _HANDLER: fn.handler,
    AWS_ENDPOINT_URL_S3: endpoints.s3,
    AWS_ENDPOINT_URL_SQS: endpoints.sqs,
    AWS_ENDPOINT_URL_SNS: endpoints.sns,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ACCESS_KEY_ID: fn.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_SECRET_ACCESS_KEY,
    SERVICE_PATIENCE,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
  };
}
