import { voidHolds, type VoidPorts } from '../../engine/index.ts';
import { toItemIndex } from '../model/row-number.ts';
import type { StoredTask } from '../model/stored-task.ts';

/**
 * Judges the void of a stored task by the ledger: a void that does not hold counts as restored. This reads the ledger
 * only for a row that is both stored and voided, which happens only if deliveries of one batch decided differently.
 */
export async function judgeVoid(ports: VoidPorts, tenant: string, stored: StoredTask): Promise<StoredTask> {
  const { item, edit } = stored;
  if (!item?.origin || edit?.kind !== 'voided') return stored;
  const { taskFileId, row } = item.origin;
  const holds = await voidHolds(ports, { tenant, jobId: taskFileId }, { ...edit, index: toItemIndex(row) });
  return holds ? stored : { ...stored, edit: { kind: 'restored', version: 1, run: edit.run } };
}
