import { describe, expect, it } from '@jest/globals';
import { task, taskContent } from './task.ts';

const codesOf = (value: unknown): readonly string[] =>
  taskContent.safeParse(value).error?.issues.map(({ path, code }) => `${path.join('.')} ${code}`) ?? [];

describe('the content of a task', () => {
  it('is trimmed, has its instant in UTC, and is incomplete by default', () => {
    const given = { title: '  Order paint \n', detail: ' White ', dueAt: '2026-01-31T08:00:00.123456+01:00' };
    expect(taskContent.parse(given)).toEqual({
      title: 'Order paint',
      detail: 'White',
      dueAt: '2026-01-31T07:00:00.123Z',
      isComplete: false,
    });
  });

  it('may be any Unicode text', () => {
    const title = 'Größe 😀 \u0001 \uffff 👩‍👩‍👧';
    expect(taskContent.parse({ title }).title).toBe(title);
  });

  it('has its length in code points: an emoji is one character', () => {
    const longest = { title: '😀'.repeat(100), detail: '😀'.repeat(1_000), isComplete: false };
    expect(taskContent.parse(longest)).toEqual(longest);
  });

  it('is refused for every rule it breaks', () => {
    const wrong = { title: ' ', detail: 'x'.repeat(1_001), dueAt: '2026-02-30T08:00:00Z', isComplete: 'yes', more: 1 };
    expect(codesOf(wrong)).toEqual([
      'title too_small',
      'detail too_big',
      'dueAt custom',
      'isComplete invalid_type',
      ' unrecognized_keys',
    ]);
  });

  it.each([
    [{}, 'title invalid_type'],
    [{ title: '\u200B\u00AD' }, 'title custom'],
    [{ title: 'x'.repeat(101) }, 'title too_big'],
    [{ title: `${'😀'.repeat(100)}x` }, 'title too_big'],
    [{ title: 'x\ud800' }, 'title custom'],
    [{ title: 'x\u0000y' }, 'title custom'],
    [{ title: 'x', detail: '\u0000' }, 'detail custom'],
    [{ title: 'x', detail: '\udc00x' }, 'detail custom'],
    [{ title: 'x', detail: null }, 'detail invalid_type'],
    [{ title: 'x', dueAt: '2026-01-31T08:00:00' }, 'dueAt custom'],
    [{ title: 'x', dueAt: '2026-01-31' }, 'dueAt custom'],
    [{ title: 'x', dueAt: '0000-01-01T00:00:00+23:59' }, 'dueAt custom'],
    [{ title: 'x', dueAt: '9999-12-31T23:59:59-23:59' }, 'dueAt custom'],
    [JSON.parse('{"title":"x","__proto__":{"isComplete":true}}'), ' unrecognized_keys'],
  ])('is refused if it is %j', (value, expected) => {
    expect(codesOf(value)).toEqual([expected]);
  });
});

describe('a task in a response', () => {
  it('names its origin only if it came from a file', () => {
    const id = '0193c5a8-7c1e-7d3f-9a55-2b7f4c9d8e10';
    const at = '2026-01-31T08:00:00.000Z';
    const plain = { id, title: 'x', isComplete: false, createdAt: at, updatedAt: at };
    expect(task.parse(plain)).toEqual(plain);
    const fromFile = { ...plain, taskFileId: id, row: 2 };
    expect(task.parse(fromFile)).toEqual(fromFile);
    expect(task.safeParse({ ...fromFile, row: 1 }).success).toBe(false);
  });
});
