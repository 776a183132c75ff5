import { describe, expect, it } from '@jest/globals';
import { RoleRights } from './role-rights.ts';

const allow = (actions: readonly string[], ...resources: readonly string[]) =>
  ({ effect: 'Allow', actions, resources }) as const;
const deny = (actions: readonly string[], ...resources: readonly string[]) =>
  ({ effect: 'Deny', actions, resources }) as const;

const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/Tasks';
const INDEX = `${TABLE}/index/byChange`;
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:work';

describe('a role', () => {
  it.each([
    ['the action on the resource', allow(['dynamodb:GetItem'], TABLE), 'dynamodb:GetItem', TABLE, 'allowed'],
    ['the action in other letters', allow(['DynamoDB:getitem'], TABLE), 'dynamodb:GetItem', TABLE, 'allowed'],
    ['another action', allow(['dynamodb:GetItem'], TABLE), 'dynamodb:PutItem', TABLE, 'not allowed'],
    ['an action with the same beginning', allow(['dynamodb:Get'], TABLE), 'dynamodb:GetItem', TABLE, 'not allowed'],
    ['all actions of a service', allow(['dynamodb:*'], TABLE), 'dynamodb:GetItem', TABLE, 'allowed'],
    ['every action', allow(['*'], '*'), 's3:GetObject', 'arn:aws:s3:::b/k', 'allowed'],
    ['? for one letter', allow(['dynamodb:?etItem'], TABLE), 'dynamodb:GetItem', TABLE, 'allowed'],
    ['? for two letters', allow(['dynamodb:?tItem'], TABLE), 'dynamodb:GetItem', TABLE, 'not allowed'],
    ['an index, by its table alone', allow(['dynamodb:Query'], TABLE), 'dynamodb:Query', INDEX, 'not allowed'],
    ['a table, by its index alone', allow(['dynamodb:Query'], INDEX), 'dynamodb:Query', TABLE, 'not allowed'],
    ['each index of a table', allow(['dynamodb:Query'], `${TABLE}/index/*`), 'dynamodb:Query', INDEX, 'allowed'],
    ['a resource in other letters', allow(['sqs:SendMessage'], QUEUE), 'sqs:SendMessage', `${QUEUE}S`, 'not allowed'],
    [
      'objects of a prefix',
      allow(['s3:Get*'], 'arn:aws:s3:::b/up/*'),
      's3:GetObject',
      'arn:aws:s3:::b/up/a/b:c',
      'allowed',
    ],
    [
      'an object whose key has a line end',
      allow(['s3:Get*'], 'arn:aws:s3:::b/*'),
      's3:GetObject',
      'arn:aws:s3:::b/\n',
      'allowed',
    ],
    [
      'an object of another prefix',
      allow(['s3:*'], 'arn:aws:s3:::b/up/*'),
      's3:GetObject',
      'arn:aws:s3:::b/upper',
      'not allowed',
    ],
    ['a bucket, by its objects', allow(['s3:*'], 'arn:aws:s3:::b/*'), 's3:ListBucket', 'arn:aws:s3:::b', 'not allowed'],
    ['an object, by its bucket', allow(['s3:*'], 'arn:aws:s3:::b'), 's3:GetObject', 'arn:aws:s3:::b/k', 'not allowed'],
    ['a queue of any region', allow(['sqs:*'], 'arn:aws:sqs:*:000000000000:work'), 'sqs:SendMessage', QUEUE, 'allowed'],
    ['a wildcard across a colon', allow(['sqs:*'], 'arn:aws:sqs:*:work'), 'sqs:SendMessage', QUEUE, 'not allowed'],
    [
      'a full stop, which is no wildcard',
      allow(['s3:*'], 'arn:aws:s3:::a.b/*'),
      's3:GetObject',
      'arn:aws:s3:::aXb/k',
      'not allowed',
    ],
    ['nothing', allow([], TABLE), 'dynamodb:GetItem', TABLE, 'not allowed'],
  ] as const)('decides on %s', (_what, statement, action, resource, decision) => {
    expect(new RoleRights([statement]).decide(action, resource)).toBe(decision);
  });

  it.each([
    ['before', [deny(['sqs:*'], QUEUE), allow(['sqs:SendMessage'], QUEUE)]],
    ['after', [allow(['sqs:SendMessage'], QUEUE), deny(['sqs:*'], QUEUE)]],
  ])('is denied by a statement %s the one that allows', (_where, statements) => {
    const role = new RoleRights(statements);
    expect(role.decide('sqs:SendMessage', QUEUE)).toBe('denied');
    expect(role.decide('sqs:SendMessage', `${QUEUE}-other`)).toBe('not allowed');
  });

  it('counts what each right decides', () => {
    const role = new RoleRights([allow(['sqs:SendMessage', 'sqs:DeleteMessage'], QUEUE, '*')]);
    role.decide('sqs:SendMessage', QUEUE);
    role.decide('sqs:SendMessage', 'arn:aws:sqs:us-east-1:000000000000:other');
    expect(role.rights().map(({ action, resource, calls }) => [action, resource, calls])).toEqual([
      ['sqs:SendMessage', QUEUE, 1],
      ['sqs:SendMessage', '*', 2],
      ['sqs:DeleteMessage', QUEUE, 0],
      ['sqs:DeleteMessage', '*', 0],
    ]);
  });
});
