import { describe, expect, it } from '@jest/globals';
import { itemId, jobIdOfObject, jobIdOfRequest, jobNamedBy, sourceKey } from './identity.ts';

const JOB = { tenant: 'default', jobId: '01948f3c-2c00-7000-8000-000000000001' };
const UUID_V5 = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('derived ids', () => {
  // These ids are stored. If a value here changed, the next deployment would create tasks twice.
  it('never change', () => {
    expect(itemId(JOB.jobId, 0)).toBe('cd9d7319-35bc-556c-a334-3f080e94be51');
    expect(jobIdOfObject('bucket', 'uploads/a.csv', 'v1')).toBe('286f6328-5b53-5870-a318-b86d6ca236e6');
    expect(jobIdOfRequest('default', 'key')).toBe('2118588b-e943-5c8c-bc1d-9954d5225ce8');
  });

  it('differ if any of their parts differs', () => {
    const ids = [
      ...[0, 1, 10].map((index) => itemId(JOB.jobId, index)),
      jobIdOfObject('b', 'k', 'v'),
      jobIdOfObject('b', 'k', 'v2'),
      jobIdOfObject('b', 'k2', 'v'),
      jobIdOfObject('b2', 'k', 'v'),
      jobIdOfRequest('t', 'k'),
      jobIdOfRequest('t2', 'k'),
      jobIdOfRequest('t', 'k2'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(UUID_V5);
  });
});

describe('the key of a source', () => {
  it.each(['names.csv', 'a b+c%20.csv', 'größe/with/slashes.csv'])('names its job, for the file %j', (name) => {
    expect(jobNamedBy('uploads/', { key: sourceKey('uploads/', JOB, name) })).toEqual(JOB);
  });

  it.each([
    'uploads/',
    'uploads/names.csv',
    'uploads/default/names.csv',
    'uploads//id/a.csv',
    'uploads/default//a.csv',
  ])('names no job in %j', (key) => {
    expect(jobNamedBy('uploads/', { key })).toBeUndefined();
  });
});
