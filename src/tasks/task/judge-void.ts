import { voidStands, type VoidPorts } from '../../engine/index.ts';
import { toItemIndex } from '../model/row-number.ts';
import type { StoredTask } from '../model/stored-task.ts';

/**
 * A stored task as the ledger judges it: a void that does not stand counts as taken back. Only rows that are both
 * stored and voided are looked up, and there are none of them unless deliveries of one batch came to different ends.
 */
export async function judgeVoid(ports: VoidPorts, tenant: string, stored: StoredTask): Promise<StoredTask> {
  const { item, edit } = stored;
  if (!item?.origin || edit?.kind !== 'voided') return stored;
  const { taskFileId, row } = item.origin;
  const stands = await voidStands(ports, { tenant, jobId: taskFileId }, { ...edit, index: toItemIndex(row) });
  return stands ? stored : { ...stored, edit: { kind: 'restored', version: 1, run: edit.run } };
}
