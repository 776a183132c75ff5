import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { toVisibleTask, type EditItem, type TaskItem } from './stored-task.ts';

const id = '0193c5a8-7c1e-7d3f-9a55-2b7f4c9d8e10';
const createdAt = '2026-01-31T08:00:00.000Z';
const changedAt = '2026-02-01T08:00:00.000Z';
const content = { title: 'Order paint', detail: 'White', isComplete: false };

const plain: TaskItem = { content, createdAt, updatedAt: changedAt, version: 3 };
const row: TaskItem = { content, createdAt, updatedAt: createdAt, version: 1, origin: { taskFileId: id, row: 2 } };
const changed: EditItem = {
  kind: 'changed',
  content: { title: 'New', isComplete: true },
  updatedAt: changedAt,
  version: 4,
};
const deleted: EditItem = { kind: 'deleted', version: 2 };
const voided: EditItem = { kind: 'voided', version: 0, run: 0, batch: 0 };

describe('the visible task', () => {
  it('of a task made by POST is its item', () => {
    const task = { id, ...content, createdAt, updatedAt: changedAt };
    expect(toVisibleTask({ id, item: plain })).toEqual({ version: 3, task });
  });

  it('of an unchanged row is its item, with its origin', () => {
    const task = { id, ...content, createdAt, updatedAt: createdAt, taskFileId: id, row: 2 };
    expect(toVisibleTask({ id, item: row })).toEqual({ version: 1, task });
  });

  it('of a changed row is the change alone: fields that the caller left out are gone', () => {
    const task = { id, title: 'New', isComplete: true, createdAt, updatedAt: changedAt, taskFileId: id, row: 2 };
    expect(toVisibleTask({ id, item: row, edit: changed })).toEqual({ version: 4, task });
  });

  it('does not exist for a row that is deleted, voided or missing', () => {
    const stored = [{}, { edit: voided }, { edit: deleted }, { item: row, edit: voided }, { item: row, edit: deleted }];
    expect(stored.map((one) => toVisibleTask({ id, ...one }))).toEqual(stored.map(() => undefined));
  });

  it('does not depend on how often and when import wrote the row again', () => {
    const anyEdit = fc.option(fc.constantFrom(changed, deleted, voided), { nil: undefined });
    fc.assert(
      fc.property(anyEdit, fc.nat(3), (edit, times) => {
        const stored = { id, item: row, ...(edit && { edit }) };
        const again = Array.from({ length: times }, () => row).reduce((before, item) => ({ ...before, item }), stored);
        expect(toVisibleTask(again)).toEqual(toVisibleTask(stored));
      }),
    );
  });
});
