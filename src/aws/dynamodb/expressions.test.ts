import { describe, expect, it } from '@jest/globals';
import { allOf, anyOf, isAbsent, isAtMost, isEqual, isOneOf, lacks, toExpressions } from './expressions.ts';

describe('a condition', () => {
  it('names every part of a path, and gives each value a placeholder of its own', () => {
    const condition = allOf(isEqual('redrive.number', 1), isEqual('recovery.number', 2));
    expect(toExpressions({ condition })).toEqual({
      ConditionExpression: '(#redrive.#number = :number0 AND #recovery.#number = :number1)',
      ExpressionAttributeNames: { '#redrive': 'redrive', '#recovery': 'recovery', '#number': 'number' },
      ExpressionAttributeValues: { ':number0': 1, ':number1': 2 },
    });
  });

  it('has parentheses around each group', () => {
    const condition = anyOf(isAbsent('pk'), allOf(isOneOf('kind', ['voided', 'restored']), isAtMost('run', 3)));
    expect(toExpressions({ condition }).ConditionExpression).toBe(
      '(attribute_not_exists(#pk) OR (#kind IN (:kind0, :kind1) AND #run <= :run2))',
    );
  });

  it('has none around a single condition, which DynamoDB would refuse as redundant', () => {
    const condition = anyOf(isAbsent('pk'), allOf(lacks('batches', 7)));
    expect(toExpressions({ condition }).ConditionExpression).toBe(
      '(attribute_not_exists(#pk) OR NOT contains(#batches, :batches0))',
    );
  });

  it('brings no values if it uses none', () => {
    expect(toExpressions({ condition: isAbsent('pk') })).toEqual({
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': 'pk' },
    });
  });
});

describe('an update', () => {
  it('sets, adds and removes, and leaves out what is undefined', () => {
    const update = {
      set: { status: 'FAILED', failure: undefined, 'redrive.isPlanned': true },
      add: { succeeded: 24, references: undefined },
      remove: ['openPk'],
    };
    expect(toExpressions({ update })).toEqual({
      UpdateExpression:
        'SET #status = :status0, #redrive.#isPlanned = :isPlanned1 ADD #succeeded :succeeded2 REMOVE #openPk',
      ExpressionAttributeNames: {
        '#status': 'status',
        '#redrive': 'redrive',
        '#isPlanned': 'isPlanned',
        '#succeeded': 'succeeded',
        '#openPk': 'openPk',
      },
      ExpressionAttributeValues: { ':status0': 'FAILED', ':isPlanned1': true, ':succeeded2': 24 },
    });
  });

  it('leaves out an action without attributes', () => {
    expect(toExpressions({ update: { set: {}, remove: ['item7'] } })).toEqual({
      UpdateExpression: 'REMOVE #item7',
      ExpressionAttributeNames: { '#item7': 'item7' },
    });
  });
});
