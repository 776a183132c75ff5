import { afterAll } from '@jest/globals';
import { dynamodbFacts } from './dynamodb-facts.ts';
import { describeFacts } from './fact.ts';
import { lambdaFacts } from './lambda-facts.ts';
import { openStage } from './open-stage.ts';
import { s3Facts } from './s3-facts.ts';
import { snsFacts } from './sns-facts.ts';
import { sqsFacts } from './sqs-facts.ts';

const CLOSE_MS = 15 * 60 * 1_000;

// The stage opens before the tests are defined, so that a fault of it is reported once, and not by each test.
const stage = await openStage();
afterAll(() => stage.close(), CLOSE_MS);

describeFacts('Lambda', stage, lambdaFacts);
describeFacts('SQS', stage, sqsFacts);
describeFacts('S3', stage, s3Facts);
describeFacts('DynamoDB', stage, dynamodbFacts);
// SNS is last, because it may take minutes to apply the filter policy of a new subscription.
describeFacts('SNS', stage, snsFacts);
