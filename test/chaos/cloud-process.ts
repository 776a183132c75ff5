/** Runs the local cloud as a process of its own, which its parent may kill. It ends sandboxes on request. */
import { startLocalCloud } from '../../local/cloud.ts';
import type { CloudSettings, FromCloud, ToCloud } from './messages.ts';

const { dataDir, port, deliveries }: CloudSettings = JSON.parse(process.argv[2] ?? '');
const cloud = await startLocalCloud({ dataDir, port, eventSources: { deliveries } });
const tell = (message: FromCloud): void => void process.send?.(message);

process.on('message', ({ crash }: ToCloud) => {
  const logicalId = [...cloud.stack.functions.keys()].find((id) => id.startsWith(crash));
  if (logicalId === undefined) throw new Error(`There is no function whose name begins with ${crash}`);
  void cloud.crashOne(logicalId).then((wasAtWork) => tell({ crashed: wasAtWork }));
});
// The parent process is gone, and would not end this one.
process.on('disconnect', () => process.exit());
tell({ apiUrl: cloud.apiUrl, sqs: cloud.endpoints.sqs });
