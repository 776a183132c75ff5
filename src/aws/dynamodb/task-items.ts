import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { SCHEMA_VERSION } from '../../contract/index.ts';
import type { EditItem, StoredTask, TaskItem } from '../../tasks/index.ts';
import type { Key } from './batch-get.ts';

/** Tasks of a tenant lie in 16 partitions, by the last hexadecimal digit of their id. */
export const PARTITIONS = '0123456789abcdef'.split('');

export const partitionPk = (tenant: string, digit: string): string => `${tenant}#${digit}`;
const pkOf = (tenant: string, id: string): string => partitionPk(tenant, id.slice(-1));

export const itemKeyOf = (tenant: string, id: string): Key => ({ pk: pkOf(tenant, id), sk: id });

/** Sorts directly after the item. */
export const editSk = (id: string): string => `${id}#edit`;
export const editKeyOf = (tenant: string, id: string): Key => ({ pk: pkOf(tenant, id), sk: editSk(id) });

export const claimKeyOf = (tenant: string, key: string): Key => ({ pk: `${tenant}#claim#${key}`, sk: 'claim' });

const content = {
  title: z.string(),
  detail: z.string().exactOptional(),
  dueAt: z.string().exactOptional(),
  isComplete: z.boolean(),
};

const taskItem = z.object({
  ...content,
  createdAt: z.string(),
  updatedAt: z.string(),
  version: z.number(),
  taskFileId: z.string().exactOptional(),
  row: z.number().exactOptional(),
});

const editItem = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('changed'), ...content, updatedAt: z.string(), version: z.number() }),
  z.object({ kind: z.literal('deleted'), version: z.number() }),
  z.object({ kind: z.literal('voided'), version: z.literal(0), run: z.number(), batch: z.number() }),
  z.object({ kind: z.literal('restored'), version: z.literal(1), run: z.number() }),
]);

export const fieldsOfTask = ({ content: fields, origin, ...item }: TaskItem): Record<string, unknown> => ({
  ...fields,
  ...item,
  ...origin,
  schemaVersion: SCHEMA_VERSION,
});

/**
 * A task's item in DynamoDB's own form. Rows of files are most of what is written, and the document client's conversion
 * of any value takes more of a worker's time than everything that is decided about them.
 */
export function attributesOf(tenant: string, id: string, item: TaskItem): Record<string, AttributeValue> {
  const { content: fields, origin, createdAt, updatedAt, version } = item;
  const attributes: Record<string, AttributeValue> = {
    pk: { S: pkOf(tenant, id) },
    sk: { S: id },
    title: { S: fields.title },
    isComplete: { BOOL: fields.isComplete },
    createdAt: { S: createdAt },
    updatedAt: { S: updatedAt },
    version: { N: String(version) },
    schemaVersion: { N: String(SCHEMA_VERSION) },
  };
  if (fields.detail !== undefined) attributes['detail'] = { S: fields.detail };
  if (fields.dueAt !== undefined) attributes['dueAt'] = { S: fields.dueAt };
  if (origin) {
    attributes['taskFileId'] = { S: origin.taskFileId };
    attributes['row'] = { N: String(origin.row) };
  }
  return attributes;
}

export const fieldsOfEdit = (edit: EditItem): Record<string, unknown> => {
  const { content: fields, ...rest } = { content: {}, ...edit };
  return { ...fields, ...rest, schemaVersion: SCHEMA_VERSION };
};

function parseTask(item: unknown): TaskItem {
  const { createdAt, updatedAt, version, taskFileId, row, ...fields } = taskItem.parse(item);
  const origin = taskFileId !== undefined && row !== undefined ? { origin: { taskFileId, row } } : {};
  return { content: fields, createdAt, updatedAt, version, ...origin };
}

function parseEdit(item: unknown): EditItem {
  const edit = editItem.parse(item);
  if (edit.kind !== 'changed') return edit;
  const { kind, updatedAt, version, ...fields } = edit;
  return { kind, content: fields, updatedAt, version };
}

/** Puts items and edit items together, by id, in the order in which the ids come up first. */
export function storedTasks(items: readonly Record<string, unknown>[]): Map<string, StoredTask> {
  const tasks = new Map<string, StoredTask>();
  for (const item of items) {
    const [id = '', part] = String(item['sk']).split('#');
    const read = part === undefined ? { item: parseTask(item) } : { edit: parseEdit(item) };
    tasks.set(id, { id, ...tasks.get(id), ...read });
  }
  return tasks;
}
