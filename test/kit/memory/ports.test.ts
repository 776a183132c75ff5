import { failuresContract } from '../contracts/failures.contract.ts';
import { jobListsContract } from '../contracts/job-lists.contract.ts';
import { jobRecoveriesContract } from '../contracts/job-recoveries.contract.ts';
import { jobRedrivesContract } from '../contracts/job-redrives.contract.ts';
import { jobsContract } from '../contracts/jobs.contract.ts';
import { ledgerContract } from '../contracts/ledger.contract.ts';
import { listingContract } from '../contracts/listing.contract.ts';
import { messagingContract } from '../contracts/messaging.contract.ts';
import { presignedUploadsContract } from '../contracts/presigned-uploads.contract.ts';
import { reportsContract } from '../contracts/reports.contract.ts';
import { sourcesContract } from '../contracts/sources.contract.ts';
import { tasksContract } from '../contracts/tasks.contract.ts';
import { contentsContract } from '../contracts/contents.contract.ts';
import { triesContract } from '../contracts/tries.contract.ts';
import { uploadsContract } from '../contracts/uploads.contract.ts';
import {
  MemoryJobs,
  MemoryLedger,
  MemoryMessaging,
  MemoryObjects,
  MemoryContents,
  MemoryPresignedUploads,
  MemoryReports,
  MemoryTasks,
  MemoryTries,
} from './index.ts';

jobsContract('MemoryJobs', async () => new MemoryJobs({ now: Date.now }));
jobListsContract('MemoryJobs', async () => new MemoryJobs({ now: Date.now }));
jobRecoveriesContract('MemoryJobs', async () => new MemoryJobs());
jobRedrivesContract('MemoryJobs', async () => new MemoryJobs({ now: Date.now }));
ledgerContract('MemoryLedger', async () => new MemoryLedger({ now: Date.now }));
failuresContract('MemoryLedger', async () => new MemoryLedger());
tasksContract('MemoryTasks', async () => new MemoryTasks());
triesContract('MemoryTries', async () => new MemoryTries());
contentsContract('MemoryContents', async () => new MemoryContents());

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

listingContract('MemoryObjects', async () => {
  const objects = new MemoryObjects(1_000, { bucket: 'bucket', objectsPerPage: 3 });
  return {
    listing: () => objects,
    async put(key, bytes) {
      await objects.put(key, bytes);
      return { bucket: 'bucket', key, ...objects.version(key) };
    },
    remove: async (key) => objects.remove(key),
    objectsPerPage: 3,
  };
});
uploadsContract('MemoryObjects', async () => {
  const objects = new MemoryObjects();
  return { uploads: objects, read: async (key) => objects.read(key) };
});

presignedUploadsContract('MemoryPresignedUploads', async () => {
  const objects = new MemoryObjects();
  const presigned = new MemoryPresignedUploads(objects);
  return { presigned, put: (url, bytes) => presigned.put(url, bytes), read: async (key) => objects.read(key)?.bytes };
});

reportsContract('MemoryReports', async () => {
  const reports = new MemoryReports();
  return { reports, read: async (key) => reports.objects.get(key)?.text, partMinBytes: 1_000 };
});

messagingContract('MemoryMessaging', async () => {
  const { batches, continuations, announcer, depths, sentBatches, sentContinuations, announced } =
    new MemoryMessaging();
  return {
    batches,
    continuations,
    announcer,
    depths,
    received: async () => ({
      batches: sentBatches.splice(0),
      continuations: sentContinuations.splice(0),
      events: announced.splice(0),
    }),
  };
});
