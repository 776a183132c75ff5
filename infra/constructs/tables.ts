import { AttributeType, BillingMode, ProjectionType, Table, type TableProps } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { CHANGE_INDEX, CREATION_INDEX } from '../constants.ts';
import type { Stage } from '../stages.ts';

const text = (name: string) => ({ name, type: AttributeType.STRING });

const tableProps = (stage: Stage): TableProps => ({
  partitionKey: text('pk'),
  sortKey: text('sk'),
  billingMode: BillingMode.PAY_PER_REQUEST,
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  deletionProtection: stage.deletionProtection,
  removalPolicy: stage.removalPolicy,
});

/** Tasks, and the records that make a repeated POST harmless; those carry `expiresAt` and go by themselves. */
export class TasksTable extends Table {
  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id, { ...tableProps(stage), timeToLiveAttribute: 'expiresAt' });
  }
}

/** Task files and their ledger. */
export class TaskFilesTable extends Table {
  /** ARN of the index by creation time. */
  readonly byCreationArn: string;
  /** ARN of the sparse index of those that are not done, by last change. */
  readonly byChangeArn: string;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id, tableProps(stage));
    // Keys only: progress is written often, and an index with more in it would be written, and paid for, each time.
    this.addGlobalSecondaryIndex({
      indexName: CREATION_INDEX,
      partitionKey: text('listPk'),
      sortKey: text('listSk'),
      projectionType: ProjectionType.KEYS_ONLY,
    });
    this.addGlobalSecondaryIndex({
      indexName: CHANGE_INDEX,
      partitionKey: text('openPk'),
      sortKey: { name: 'changedAt', type: AttributeType.NUMBER },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    this.byCreationArn = `${this.tableArn}/index/${CREATION_INDEX}`;
    this.byChangeArn = `${this.tableArn}/index/${CHANGE_INDEX}`;
  }
}
