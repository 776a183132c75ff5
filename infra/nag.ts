import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { TaskServiceStack } from './stack.ts';

interface Acknowledgement {
  /**
   * The finding, with the pack's name before it. A bare id works too, but cdk-nag then leaves the finding out of its
   * report, and no test sees when it is gone. Findings of IAM4 and IAM5 match only with what stands in brackets.
   */
  readonly id: string;
  /** Paths of constructs inside the stack. As narrow as can be, so that the next finding of the kind is seen. */
  readonly at: readonly string[];
  readonly reason: string;
}

/** Every finding that stays, and why. */
const acknowledgements = (functions: readonly string[]): readonly Acknowledgement[] => [
  {
    id: 'AwsSolutions::AwsSolutions-S1',
    at: ['UploadsBucket'],
    reason:
      'Access logs would keep file names, which people write, in a second bucket; who uploads is in the API log, ' +
      'and CloudTrail data events record direct access where that is wanted',
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
    reason: 'Keys hold an id chosen at run time; the wildcard covers task files and nothing else of the bucket',
  },
  {
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::<UploadsBucket5E5E9B64.Arn>/redrives/*]',
    at: ['UploadTaskSubscriberFunction/Role', 'UploadTaskDeadLetterSubscriberFunction/Role'],
    reason: 'Keys hold ids and a digest; the wildcard covers lists of rows to redrive and nothing else of the bucket',
  },
  {
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::<UploadsBucket5E5E9B64.Arn>/reports/*]',
    at: ['CompleteTaskFileSubscriberFunction/Role', 'ListTaskFileFailuresFunction/Role', 'GetFixFileFunction/Role'],
    reason: 'Keys hold ids; the wildcard covers reports and nothing else of the bucket',
  },
  {
    id: 'AwsSolutions::AwsSolutions-APIG4',
    at: ['TaskApi/Default/OPTIONS--{proxy+}'],
    reason: 'Browsers do not sign preflights; API Gateway answers them itself, by the list of allowed origins',
  },
  {
    id: 'Serverless::Serverless-SQSRedrivePolicy',
    at: ['ParkedQueue'],
    reason: 'The end of the line: what gets here waits for a person, whom an alarm can call',
  },
  {
    id: 'Serverless::Serverless-SNSRedrivePolicy',
    at: ['AlarmTopic/Email'],
    reason: 'An e-mail that does not arrive is told by no queue either; the alarm stays in its state, and can be seen',
  },
  {
    id: 'Serverless::Serverless-LambdaDLQ',
    at: functions,
    reason:
      'The queues that feed the functions have dead-letter queues. Only the schedule invokes asynchronously, and what ' +
      'one sweep fails to do the next one does',
  },
  {
    id: 'Serverless::Serverless-LambdaAsyncFailureDestination',
    at: ['SweepFunction/Default/EventInvokeConfig'],
    reason: 'A sweep that failed needs no keeping: the next one, a minute later, finds all that it would have found',
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

/** Has cdk-nag judge the app when it is synthesized; a finding without a reason here fails the synthesis. */
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

/** The construct at a path below the stack; none where the configuration leaves it out. */
const findConstruct = (stack: TaskServiceStack, path: string) =>
  stack.node.findAll().find(({ node }) => node.path === `${stack.node.path}/${path}`);
