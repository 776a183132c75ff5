import { AttributeType, BillingMode, ProjectionType, Table, type TableProps } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { CHANGE_INDEX, CREATION_INDEX, EXPIRY_ATTRIBUTE, TABLE_KEY } from '../../src/contract/index.ts';
import type { Stage } from '../stages.ts';

const text = (name: string) => ({ name, type: AttributeType.STRING });

const tableProps = (stage: Stage): TableProps => ({
  partitionKey: text(TABLE_KEY.partitionKey),
  sortKey: text(TABLE_KEY.sortKey),
  billingMode: BillingMode.PAY_PER_REQUEST,
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  deletionProtection: stage.deletionProtection,
  removalPolicy: stage.removalPolicy,
});

/**
 * The tasks, and the claims that make a repeated POST harmless. Claims have `expiresAt`; DynamoDB removes them after
 * it.
 */
export class TasksTable extends Table {
  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id, { ...tableProps(stage), timeToLiveAttribute: EXPIRY_ATTRIBUTE });
  }
}

/** The task files and their ledger. */
export class TaskFilesTable extends Table {
  /** The index by creation time. */
  readonly byCreationArn: string;
  /** The sparse index of the task files that the sweep watches, by their last change. */
  readonly byChangeArn: string;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id, tableProps(stage));
    // Keys only: progress is written often, and would be written, and paid for, in every index that has it.
    this.addGlobalSecondaryIndex({
      indexName: CREATION_INDEX.name,
      partitionKey: text(CREATION_INDEX.partitionKey),
      sortKey: text(CREATION_INDEX.sortKey),
      projectionType: ProjectionType.KEYS_ONLY,
    });
    this.addGlobalSecondaryIndex({
      indexName: CHANGE_INDEX.name,
      partitionKey: text(CHANGE_INDEX.partitionKey),
      sortKey: { name: CHANGE_INDEX.sortKey, type: AttributeType.NUMBER },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    this.byCreationArn = `${this.tableArn}/index/${CREATION_INDEX.name}`;
    this.byChangeArn = `${this.tableArn}/index/${CHANGE_INDEX.name}`;
  }
}
