import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { TaskServiceStack } from './stack.ts';

interface Acknowledgement {
  /**
   * The finding, after the name of its pack. A bare id works too, but cdk-nag then leaves the finding out of its
   * report, and no test sees when it is gone. Findings of IAM4 and IAM5 match only with their brackets.
   */
  readonly id: string;
  /** Paths of constructs inside the stack, as narrow as possible, so that a new finding of the same kind shows. */
  readonly at: readonly string[];
  readonly reason: string;
}

/** Every finding that stays, with the reason. */
const acknowledgements = (functions: readonly string[]): readonly Acknowledgement[] => [
  {
    id: 'AwsSolutions::AwsSolutions-S1',
    at: ['UploadsBucket'],
    reason:
      'Access logs would keep file names, which callers write, in a second bucket; the API log has who uploads, ' +
      'and CloudTrail data events can record direct access',
  },
  {
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
    at: functions.map((path) => `${path}/Role`),
    reason: 'X-Ray knows no resources: PutTraceSegments and PutTelemetryRecords can only be allowed on *',
  },
  {
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::<UploadsBucket5E5E9B64.Arn>/uploads/*]',
    at: [
      'UploadTasksFunction/Role',
      'PresignTaskFilePartsFunction/Role',
      'CompleteTaskFileUploadFunction/Role',
      'UploadTaskSubscriberFunction/Role',
      'UploadTaskDeadLetterSubscriberFunction/Role',
      'SweepFunction/Role',
    ],
    reason: 'Keys have an id chosen at run time; the wildcard covers task files and nothing else in the bucket',
  },
  {
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::<UploadsBucket5E5E9B64.Arn>/redrives/*]',
    at: ['UploadTaskSubscriberFunction/Role', 'UploadTaskDeadLetterSubscriberFunction/Role'],
    reason: 'Keys have ids and a digest; the wildcard covers manifests and nothing else in the bucket',
  },
  {
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::<UploadsBucket5E5E9B64.Arn>/reports/*]',
    at: ['CompleteTaskFileSubscriberFunction/Role', 'ListTaskFileFailuresFunction/Role', 'GetFixFileFunction/Role'],
    reason: 'Keys have ids; the wildcard covers reports and nothing else in the bucket',
  },
  {
    id: 'AwsSolutions::AwsSolutions-APIG4',
    at: ['TaskApi/Default/OPTIONS--{proxy+}'],
    reason: 'Browsers do not sign preflights; API Gateway responds to them by the list of allowed origins',
  },
  {
    id: 'Serverless::Serverless-SQSRedrivePolicy',
    at: ['ParkedQueue'],
    reason: 'This is the last queue: its messages wait for the operator, and an alarm can watch them',
  },
  {
    id: 'Serverless::Serverless-SNSRedrivePolicy',
    at: ['AlarmTopic/Email'],
    reason: 'A dead-letter queue would not report a lost e-mail either; the alarm stays in its state and is visible',
  },
  {
    id: 'Serverless::Serverless-LambdaDLQ',
    at: functions,
    reason:
      'The queues of the functions have dead-letter queues. Only the schedule invokes asynchronously, and the next ' +
      'sweep does what a failed one did not',
  },
  {
    id: 'Serverless::Serverless-LambdaAsyncFailureDestination',
    at: ['SweepFunction/Default/EventInvokeConfig'],
    reason: 'The event of a failed sweep has no use: the next sweep, a minute later, finds everything it would have',
  },
  {
    id: 'Serverless::Serverless-LambdaEventSourceMappingDestination',
    at: ['TaskUpload', 'CreateTask', 'TaskFileComplete'].flatMap((flow) => [
      `${flow}Subscription`,
      `${flow}DeadLetterSubscription`,
    ]),
    reason: 'Failure destinations are for streams; a queue has its dead-letter queue',
  },
];

/** Makes cdk-nag check the app when it is synthesized. A finding without a reason here fails the synthesis. */
export function checkRules(app: App, stack: TaskServiceStack): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  const functions = Object.values(stack.functions).map(({ node }) => node.id);
  for (const { id, at, reason } of acknowledgements(functions)) {
    for (const path of at) {
      const construct = findConstruct(stack, path);
      if (construct) Validations.of(construct).acknowledge({ id, reason });
    }
  }
}

/** Finds the construct at a path below the stack; undefined if the configuration leaves it out. */
const findConstruct = (stack: TaskServiceStack, path: string) =>
  stack.node.findAll().find(({ node }) => node.path === `${stack.node.path}/${path}`);
