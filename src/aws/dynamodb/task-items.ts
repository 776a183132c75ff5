import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { SCHEMA_VERSION } from '../../contract/index.ts';
import type { EditItem, StoredTask, TaskItem } from '../../tasks/index.ts';
import type { Key } from './batch-get.ts';

/** The tasks of a tenant are in 16 partitions, by the last hexadecimal digit of the id. */
export const PARTITIONS = '0123456789abcdef'.split('');

export const toPartitionPk = (tenant: string, digit: string): string => `${tenant}#${digit}`;
const toPk = (tenant: string, id: string): string => toPartitionPk(tenant, id.slice(-1));

export const toItemKey = (tenant: string, id: string): Key => ({ pk: toPk(tenant, id), sk: id });

/** The edit item sorts directly after the item. */
export const toEditSk = (id: string): string => `${id}#edit`;
export const toEditKey = (tenant: string, id: string): Key => ({ pk: toPk(tenant, id), sk: toEditSk(id) });

export const toClaimKey = (tenant: string, key: string): Key => ({ pk: `${tenant}#claim#${key}`, sk: 'claim' });

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

export const toTaskFields = ({ content: fields, origin, ...item }: TaskItem): Record<string, unknown> => ({
  ...fields,
  ...item,
  ...origin,
  schemaVersion: SCHEMA_VERSION,
});

/**
 * Writes an item in DynamoDB's own form. Most writes are rows of files, and converting them with the document client
 * takes more of a worker's time than deciding them.
 */
export function toAttributes(tenant: string, id: string, item: TaskItem): Record<string, AttributeValue> {
  const { content: fields, origin, createdAt, updatedAt, version } = item;
  const attributes: Record<string, AttributeValue> = {
    pk: { S: toPk(tenant, id) },
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

export const toEditFields = (edit: EditItem): Record<string, unknown> => {
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

/** Joins items and edit items by id, in the order in which the ids first appear. */
export function joinItems(items: readonly Record<string, unknown>[]): Map<string, StoredTask> {
  const tasks = new Map<string, StoredTask>();
  for (const item of items) {
    const [id = '', part] = String(item['sk']).split('#');
    const read = part === undefined ? { item: parseTask(item) } : { edit: parseEdit(item) };
    tasks.set(id, { id, ...tasks.get(id), ...read });
  }
  return tasks;
}
