import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Writes a folder as `cdk synth` does, with one asset under the object key `code.zip`. */
export async function assemblyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'deploy-assembly-'));
  const destinations = { here: { bucketName: 'assets', objectKey: 'code.zip' } };
  const files = { code: { source: { path: 'asset.code', packaging: 'zip' }, destinations } };
  await writeFile(join(folder, 'stack.assets.json'), JSON.stringify({ version: '55.0.0', files }));
  return folder;
}

const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

/** A template with one resource of each type. Its order puts no resource before those that refer to it. */
export const TEMPLATE = {
  Parameters: { BootstrapVersion: { Type: 'String', Default: '/cdk-bootstrap/version' } },
  Rules: { CheckBootstrapVersion: {} },
  Conditions: { Never: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'mars-north-1'] } },
  Resources: {
    Route: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: 'Api' },
        RouteKey: 'POST /things',
        AuthorizationType: 'AWS_IAM',
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] },
      },
    },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: 'Api' },
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: arnOf('Worker'),
        PayloadFormatVersion: '2.0',
      },
    },
    Api: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: {
        CorsConfiguration: { AllowOrigins: ['http://localhost:3000'], AllowMethods: ['GET', 'PUT'], MaxAge: 600 },
        Name: 'Default',
        ProtocolType: 'HTTP',
      },
    },
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: arnOf('Work'),
        FunctionName: { Ref: 'Worker' },
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 4 },
      },
    },
    Schedule: {
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        FlexibleTimeWindow: { Mode: 'OFF' },
        ScheduleExpression: 'rate(5 minutes)',
        Target: { Arn: arnOf('Worker'), RetryPolicy: { MaximumRetryAttempts: 0 }, RoleArn: arnOf('Role') },
      },
    },
    Off: {
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        ScheduleExpression: 'rate(1 hour)',
        State: 'DISABLED',
        Target: { Arn: arnOf('Worker'), RoleArn: arnOf('Role') },
      },
    },
    Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { Dimensions: [{ Value: arnOf('Work') }] } },
    Worker: {
      Type: 'AWS::Lambda::Function',
      DependsOn: ['Role', 'WorkPolicy'],
      Properties: {
        Code: { S3Bucket: { 'Fn::Sub': 'assets-${AWS::AccountId}' }, S3Key: 'code.zip' },
        Environment: {
          Variables: {
            QUEUE_URL: { Ref: 'Work' },
            TABLE_NAME: { Ref: 'Table' },
            TOPIC_ARN: { Ref: 'Topic' },
            BUCKET_ARN: arnOf('Files'),
            SPLIT: { 'Fn::Select': [1, { 'Fn::Split': ['/', { Ref: 'BootstrapVersion' }] }] },
            SUBSTITUTED: { 'Fn::Sub': ['${!Literal} ${Own} ${Work.QueueName}', { Own: { Ref: 'AWS::Partition' } }] },
            CHOSEN: { 'Fn::If': ['Never', 'mars', { Ref: 'AWS::Region' }] },
            ABSENT: { Ref: 'AWS::NoValue' },
          },
        },
        Handler: 'index.handler',
        MemorySize: 512,
        Role: arnOf('Role'),
        Runtime: 'nodejs24.x',
        Timeout: 10,
      },
    },
    Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
    WorkPolicy: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'WorkPolicy',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
              Resource: arnOf('Work'),
            },
            { Effect: 'Allow', Action: 'logs:PutLogEvents', Resource: arnOf('Logs') },
          ],
        },
        Roles: [{ Ref: 'Role' }],
      },
    },
    SchedulePolicy: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'SchedulePolicy',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: arnOf('Worker') }],
        },
        Roles: [{ Ref: 'Role' }],
      },
    },
    Logs: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 7 } },
    OnMars: { Type: 'AWS::SQS::Queue', Condition: 'Never' },
    Files: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        NotificationConfiguration: {
          QueueConfigurations: [
            {
              Event: 's3:ObjectCreated:*',
              Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'uploads/' }] } },
              Queue: arnOf('Work'),
            },
          ],
        },
      },
    },
    Subscription: {
      Type: 'AWS::SNS::Subscription',
      Properties: {
        TopicArn: { Ref: 'Topic' },
        Protocol: 'sqs',
        Endpoint: arnOf('Work'),
        RawMessageDelivery: true,
        FilterPolicy: { event: ['done'] },
      },
    },
    Mail: {
      Type: 'AWS::SNS::Subscription',
      Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'email', Endpoint: 'ops@example.com' },
    },
    Troubles: { Type: 'AWS::Logs::MetricFilter', Properties: { FilterPattern: '{ $.failed > 0 }' } },
    Topic: { Type: 'AWS::SNS::Topic', Properties: {} },
    Work: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: 60,
        RedrivePolicy: { deadLetterTargetArn: arnOf('DeadLetters'), maxReceiveCount: 10 },
      },
    },
    DeadLetters: {
      Type: 'AWS::SQS::Queue',
      Properties: { QueueName: 'dead-letters', MessageRetentionPeriod: 1209600 },
    },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'at', AttributeType: 'S' },
        ],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'byTime',
            KeySchema: [{ AttributeName: 'at', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      },
    },
  },
  Outputs: { ApiUrl: { Value: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] } }, Bucket: { Value: { Ref: 'Files' } } },
};
export type TestTemplate = typeof TEMPLATE;

/** Returns the template with these resources added or replaced. */
export const templateWith = (Resources: object) => ({
  ...TEMPLATE,
  Resources: { ...TEMPLATE.Resources, ...Resources },
});
