/** Resource types that are part of the deployment on AWS and change nothing on this machine, each with the reason. */
export const NO_EFFECT: Readonly<Record<string, string>> = {
  'AWS::Lambda::Permission': 'who may call a function is not checked here; the ports are open to this machine only',
  'AWS::Lambda::EventInvokeConfig':
    'a schedule waits for its function here, and nothing is tried again before its next time',
  'AWS::S3::BucketPolicy': 'policies of resources are not evaluated here; the ports are open to this machine only',
  'AWS::SQS::QueuePolicy': 'policies of resources are not evaluated here; the ports are open to this machine only',
  'AWS::SNS::TopicPolicy': 'policies of resources are not evaluated here; the ports are open to this machine only',
  'AWS::Logs::MetricFilter': 'there are no metrics here',
  'AWS::CloudWatch::Alarm': 'there are no metrics to watch here',
  'AWS::CloudWatch::Dashboard': 'there are no metrics to show here',
  'AWS::CDK::Metadata': 'it tells AWS which constructs are in use',
};
