/** The resource types that have no effect on this machine, each with the reason. */
export const NO_EFFECT: Readonly<Record<string, string>> = {
  'AWS::Lambda::Permission':
    'permissions to call a function are not checked here; only this machine can reach the ports',
  'AWS::Lambda::EventInvokeConfig': 'a schedule waits for its function here and does not retry',
  'AWS::S3::BucketPolicy': 'resource policies are not evaluated here; only this machine can reach the ports',
  'AWS::SQS::QueuePolicy': 'resource policies are not evaluated here; only this machine can reach the ports',
  'AWS::SNS::TopicPolicy': 'resource policies are not evaluated here; only this machine can reach the ports',
  'AWS::Logs::MetricFilter': 'there are no metrics here',
  'AWS::CloudWatch::Alarm': 'there are no metrics to watch here',
  'AWS::CloudWatch::Dashboard': 'there are no metrics to show here',
  'AWS::CDK::Metadata': 'it reports to AWS which constructs are used',
};
