/** Resource types that are part of the deployment on AWS and change nothing on this machine, each with the reason. */
export const NO_EFFECT: Readonly<Record<string, string>> = {
  'AWS::IAM::Role': 'nobody enforces permissions here; functions are known by their access keys',
  'AWS::IAM::Policy': 'nobody enforces permissions here',
  'AWS::IAM::ManagedPolicy': 'nobody enforces permissions here',
  'AWS::Lambda::Permission': 'nobody enforces permissions here',
  'AWS::Lambda::EventInvokeConfig':
    'a schedule waits for its function here, and nothing is tried again before its next time',
  'AWS::S3::BucketPolicy': 'nobody enforces permissions here; the ports are open to this machine only',
  'AWS::SQS::QueuePolicy': 'nobody enforces permissions here; the ports are open to this machine only',
  'AWS::SNS::TopicPolicy': 'nobody enforces permissions here; the ports are open to this machine only',
  'AWS::Logs::LogGroup': 'the logs of functions go to files',
  'AWS::Logs::MetricFilter': 'there are no metrics here',
  'AWS::CloudWatch::Alarm': 'there are no metrics to watch here',
  'AWS::CloudWatch::Dashboard': 'there are no metrics to show here',
  'AWS::CDK::Metadata': 'it tells AWS which constructs are in use',
};
