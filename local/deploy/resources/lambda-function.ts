import { generateName } from './names.ts';
import { type ResourceKind, TAGS } from './resource-kind.ts';

const RUNTIME = 'nodejs24.x';
const TIMEOUT_DEFAULT_SECONDS = 3;
const MEMORY_DEFAULT_MB = 128;

export const lambdaFunction: ResourceKind = {
  supports: ['FunctionName', 'Code', 'Handler', 'Runtime', 'Timeout', 'MemorySize', 'Environment', 'Role'],
  ignores: {
    ...TAGS,
    Architectures: 'functions run on the processor of this machine',
    Description: 'it is a text for the AWS console',
    LoggingConfig: 'logs go to files',
    RecursiveLoop: 'the local cloud does not look for loops',
    TracingConfig: 'there is no X-Ray here',
  },
  async deploy({ logicalId, properties }, { assets, parts, region, accountId }) {
    const { Code, Runtime, Environment } = properties;
    const { S3Key } = Code as { S3Key?: string };
    if (S3Key === undefined) throw new Error(`The code of ${logicalId} is not an asset. Use Code.fromAsset.`);
    if (Runtime !== RUNTIME)
      throw new Error(`${logicalId} has the runtime ${String(Runtime)}. The local Lambda supports ${RUNTIME} only.`);
    const { Variables = {} } = (Environment ?? {}) as { Variables?: Record<string, unknown> };
    const functionName = String(properties['FunctionName'] ?? generateName(logicalId, 64));
    const arn = `arn:aws:lambda:${region}:${accountId}:function:${functionName}`;
    parts.functionRoles.set(logicalId, String(properties['Role']));
    parts.functions.set(logicalId, {
      logicalId,
      functionName,
      arn,
      codeFolder: assets.folder(S3Key),
      handler: String(properties['Handler']),
      timeoutSeconds: Number(properties['Timeout'] ?? TIMEOUT_DEFAULT_SECONDS),
      memoryMb: Number(properties['MemorySize'] ?? MEMORY_DEFAULT_MB),
      environment: Object.fromEntries(Object.entries(Variables).map(([name, value]) => [name, String(value)])),
      accessKeyId: logicalId,
    });
    return { ref: functionName, attributes: { Arn: arn } };
  },
};
