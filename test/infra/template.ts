import type { Template } from 'aws-cdk-lib/assertions';

/**
 * The CDK's own type of a template's content, which has no known shape. An assertion shows a wrong path as undefined.
 */
type Content = ReturnType<Template['toJSON']>[string];

export interface Resource {
  readonly Type: string;
  readonly Properties: Content;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
}
export type Resources = Readonly<Record<string, Resource>>;

/** Removes the hash at the end of a logical id, which means nothing to a reader. */
const withoutHash = (logicalId: string): string => logicalId.replace(/[0-9A-F]{8}$/, '');

/** Returns the resources of one type, by their logical ids without the hash. */
export const ofType = (resources: Resources, type: string): ReadonlyMap<string, Resource> =>
  new Map(
    Object.entries(resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([logicalId, resource]) => [withoutHash(logicalId), resource]),
  );

type Value = string | { Ref: string } | { 'Fn::GetAtt': [string, string] } | { 'Fn::Join': [string, Value[]] };

/** Spells an expression of CloudFormation for a reader: `TasksTable.Arn`, `UploadsBucket.Arn/uploads/*`. */
export function spell(value: Value): string {
  if (typeof value === 'string') return value;
  if ('Ref' in value) return withoutHash(value.Ref);
  if ('Fn::GetAtt' in value) return `${withoutHash(value['Fn::GetAtt'][0])}.${value['Fn::GetAtt'][1]}`;
  const [separator, parts] = value['Fn::Join'];
  return parts.map(spell).join(separator);
}

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | string[];
  readonly Resource: Value | Value[];
  readonly Principal?: { readonly Service?: string; readonly AWS?: string };
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Value>>>>;
}

export const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

/** Returns the logical ids, without the hash, of the resources that CloudFormation creates before this one. */
export const madeBefore = ({ DependsOn = [] }: Resource): string[] => [DependsOn].flat().map(withoutHash);

/** Returns each right of the statements on its own: `dynamodb:PutItem on TasksTable.Arn`. */
export const rights = (statements: readonly Statement[]): string[] =>
  statements.flatMap(({ Action, Resource }) =>
    list(Action).flatMap((action) => list(Resource).map((resource) => `${action} on ${spell(resource)}`)),
  );

/** Returns the statements of every resource policy of the template: those of queues, buckets and topics. */
export const resourcePolicyStatements = (resources: Resources): Statement[] =>
  ['AWS::SQS::QueuePolicy', 'AWS::S3::BucketPolicy', 'AWS::SNS::TopicPolicy'].flatMap((type) =>
    [...ofType(resources, type).values()].flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement as Statement[],
    ),
  );
