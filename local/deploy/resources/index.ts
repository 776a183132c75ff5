import type { ResourceKind } from './resource-kind.ts';
import { api, integration, route, stage } from './http-api.ts';
import { bucket } from './bucket.ts';
import { eventSourceMapping } from './event-source-mapping.ts';
import { lambdaFunction } from './lambda-function.ts';
import { logGroup } from './log-group.ts';
import { queue } from './queue.ts';
import { policy, role } from './role.ts';
import { schedule } from './schedule.ts';
import { subscription } from './subscription.ts';
import { table } from './table.ts';
import { topic } from './topic.ts';

/** The resource types that the local cloud supports. */
export const RESOURCE_KINDS: Readonly<Record<string, ResourceKind>> = {
  'AWS::IAM::Role': role,
  'AWS::IAM::Policy': policy,
  'AWS::IAM::ManagedPolicy': policy,
  'AWS::S3::Bucket': bucket,
  'AWS::SQS::Queue': queue,
  'AWS::SNS::Topic': topic,
  'AWS::SNS::Subscription': subscription,
  'AWS::DynamoDB::Table': table,
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::Lambda::EventSourceMapping': eventSourceMapping,
  'AWS::Scheduler::Schedule': schedule,
  'AWS::Logs::LogGroup': logGroup,
  'AWS::ApiGatewayV2::Api': api,
  'AWS::ApiGatewayV2::Integration': integration,
  'AWS::ApiGatewayV2::Route': route,
  'AWS::ApiGatewayV2::Stage': stage,
};
