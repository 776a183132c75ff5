import { findFunction } from './find-function.ts';
import { type ResourceKind, TAGS } from './resource-kind.ts';

const BATCH_SIZE_DEFAULT = 10;

/** The permissions without which Lambda refuses to map a queue. */
const POLLING_ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

export const eventSourceMapping: ResourceKind = {
  supports: [
    'EventSourceArn',
    'FunctionName',
    'BatchSize',
    'MaximumBatchingWindowInSeconds',
    'ScalingConfig',
    'FunctionResponseTypes',
    'Enabled',
  ],
  ignores: { ...TAGS },
  async deploy({ logicalId, properties }, { parts }) {
    const queueArn = String(properties['EventSourceArn']);
    const queueUrl = parts.queueUrls.get(queueArn);
    if (queueUrl === undefined)
      throw new Error(`${logicalId} reads from ${queueArn}, which is not a queue of the template.`);
    const { MaximumConcurrency } = (properties['ScalingConfig'] ?? {}) as { MaximumConcurrency?: number };
    const responseTypes = (properties['FunctionResponseTypes'] ?? []) as readonly string[];
    const functionLogicalId = findFunction(logicalId, String(properties['FunctionName']), parts.functions);
    const roleArn = parts.functionRoles.get(functionLogicalId) ?? '';
    parts.needs.push(...POLLING_ACTIONS.map((action) => ({ of: logicalId, roleArn, action, resource: queueArn })));
    const mapping = {
      logicalId,
      functionLogicalId,
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
