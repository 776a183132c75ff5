import type { DeployedFunction } from '../../model.ts';
import { type ResourceKind, TAGS } from '../resource-kind.ts';

const BATCH_SIZE_DEFAULT = 10;

export const eventSourceMapping: ResourceKind = {
  realises: [
    'EventSourceArn',
    'FunctionName',
    'BatchSize',
    'MaximumBatchingWindowInSeconds',
    'ScalingConfig',
    'FunctionResponseTypes',
    'Enabled',
  ],
  ignores: { ...TAGS },
  async realise({ logicalId, properties }, { parts }) {
    const queueArn = String(properties['EventSourceArn']);
    const queueUrl = parts.queueUrls.get(queueArn);
    if (queueUrl === undefined)
      throw new Error(`${logicalId} reads from ${queueArn}, which is no queue of the template.`);
    const { MaximumConcurrency } = (properties['ScalingConfig'] ?? {}) as { MaximumConcurrency?: number };
    const responseTypes = (properties['FunctionResponseTypes'] ?? []) as readonly string[];
    const mapping = {
      logicalId,
      functionLogicalId: functionOf(logicalId, String(properties['FunctionName']), parts.functions),
      queueUrl,
      queueArn,
      batchSize: Number(properties['BatchSize'] ?? BATCH_SIZE_DEFAULT),
      batchingWindowSeconds: Number(properties['MaximumBatchingWindowInSeconds'] ?? 0),
      maximumConcurrency: MaximumConcurrency,
      reportBatchItemFailures: responseTypes.includes('ReportBatchItemFailures'),
    };
    if (String(properties['Enabled'] ?? true) === 'true') parts.mappings.push(mapping);
    return { ref: logicalId, attributes: { Id: logicalId } };
  },
};

/** A mapping names its function by name or by ARN. */
function functionOf(logicalId: string, name: string, functions: ReadonlyMap<string, DeployedFunction>): string {
  const found = [...functions.values()].find((one) => one.functionName === name || one.arn === name);
  if (found) return found.logicalId;
  throw new Error(`${logicalId} calls ${name}, which is no function of the template.`);
}
