import { describe, expect, it } from '@jest/globals';
import { s3Event } from '../../contract/index.ts';
import { readCreatedObjects } from './s3-event.ts';

const recordOf = (object: Record<string, unknown>, eventName = 'ObjectCreated:Put') => ({
  eventName,
  s3: { bucket: { name: 'bucket' }, object: { key: 'uploads/a.csv', size: 7, eTag: 'abc', ...object } },
});
const objectsOf = (...Records: unknown[]) => readCreatedObjects(s3Event.parse({ Records }));
const plain = { bucket: 'bucket', key: 'uploads/a.csv', etag: 'abc', bytes: 7 };

describe('the objects that an S3 event announces', () => {
  it('are all of its records, as they are stored', () => {
    expect(objectsOf(recordOf({}), recordOf({ key: 'uploads/b.csv', versionId: 'v1' }))).toEqual([
      plain,
      { ...plain, key: 'uploads/b.csv' },
    ]);
  });

  it.each([
    ['uploads/a+b.csv', 'uploads/a b.csv'],
    ['uploads/a%2Bb%20c.csv', 'uploads/a+b c.csv'],
    ['uploads/100%25.csv', 'uploads/100%.csv'],
    ['uploads/%C3%BC%F0%9F%98%80.csv', 'uploads/ü😀.csv'],
  ])('have their key decoded: %s', (encoded, key) => {
    expect(objectsOf(recordOf({ key: encoded }))).toEqual([{ ...plain, key }]);
  });

  it.each(['ObjectCreated:Put', 'ObjectCreated:Copy', 'ObjectCreated:CompleteMultipartUpload'])(
    'are those of %s',
    (name) => {
      expect(objectsOf(recordOf({}, name))).toEqual([plain]);
    },
  );

  it('are none of other events, of other prefixes and of folders', () => {
    const others = [
      recordOf({}, 'ObjectRemoved:Delete'),
      recordOf({}, 'ObjectTagging:Put'),
      recordOf({ key: 'reports/a.csv' }),
      recordOf({ key: 'uploads/folder/' }),
    ];
    expect(objectsOf(...others)).toEqual([]);
    expect(readCreatedObjects({ Event: 's3:TestEvent' })).toEqual([]);
  });

  it('have no ETag and size 0 if the event has neither', () => {
    expect(objectsOf(recordOf({ size: undefined, eTag: undefined }))).toEqual([{ ...plain, etag: '', bytes: 0 }]);
  });

  it('fail the message if a key is not encoded as S3 encodes it', () => {
    expect(() => objectsOf(recordOf({ key: 'uploads/%zz.csv' }))).toThrow(URIError);
  });
});
