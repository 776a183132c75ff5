import { describe, expect, it } from '@jest/globals';
import { checkSubject, SUBJECT_MAX } from '../../scripts/law/commits.ts';

describe('the first line of a commit message', () => {
  it.each([
    'Count a redelivered batch once',
    'Seed the order of the pairs',
    'Pass the deadline down',
    'Bring the tables up to date',
    'Focus the search',
    "Merge branch 'main' into topic, with a line that git makes as long as the names of both branches are long",
    'Revert "Count a redelivered batch once."',
    'x'.repeat(SUBJECT_MAX).replace(/^x/, 'X'),
  ])('is accepted: %s', (subject) => {
    expect(checkSubject(subject)).toBeUndefined();
  });

  it.each([
    ['Added a route', '"Added" is not an imperative'],
    ['Adding a route', '"Adding" is not an imperative'],
    ['Adds a route', '"Adds" is not an imperative'],
    ['fix: count a batch once', 'begins with a type'],
    ['Fix(engine): count a batch once', 'begins with a type'],
    ['count a batch once', 'capital letter'],
    ['Count a batch once.', 'full stop'],
    ['X'.repeat(SUBJECT_MAX + 1), `${SUBJECT_MAX + 1} characters`],
  ])('is refused: %s', (subject, fault) => {
    expect(checkSubject(subject)).toContain(fault);
  });
});
