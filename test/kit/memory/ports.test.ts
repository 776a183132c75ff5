import { failuresContract } from '../failures.contract.ts';
import { jobsContract } from '../jobs.contract.ts';
import { ledgerContract } from '../ledger.contract.ts';
import { messagingContract } from '../messaging.contract.ts';
import { sourcesContract } from '../sources.contract.ts';
import { tasksContract } from '../tasks.contract.ts';
import { uploadsContract } from '../uploads.contract.ts';
import { MemoryJobs, MemoryLedger, MemoryMessaging, MemoryObjects, MemoryTasks } from './index.ts';

jobsContract('MemoryJobs', async () => new MemoryJobs());
ledgerContract('MemoryLedger', async () => new MemoryLedger());
failuresContract('MemoryLedger', async () => new MemoryLedger());
tasksContract('MemoryTasks', async () => new MemoryTasks());

sourcesContract('MemoryObjects', async () => {
  const objects = new MemoryObjects(1_000);
  return {
    sources: objects,
    async put(key, bytes) {
      await objects.put(key, bytes);
      return { key, ...objects.version(key) };
    },
    remove: async (key) => objects.remove(key),
    borders: [1_000, 2_000],
    pieceBytesMax: 1_000,
  };
});

uploadsContract('MemoryObjects', async () => {
  const objects = new MemoryObjects();
  return { uploads: objects, read: async (key) => objects.read(key) };
});

messagingContract('MemoryMessaging', async () => {
  const { batches, continuations, announcer, sentBatches, sentContinuations, announced } = new MemoryMessaging();
  return {
    batches,
    continuations,
    announcer,
    received: async () => ({
      batches: sentBatches.splice(0),
      continuations: sentContinuations.splice(0),
      events: announced.splice(0),
    }),
  };
});
