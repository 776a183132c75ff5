import { newJob, sourceKey, type CutRule, type Job } from '../../../src/engine/index.ts';
import { PREFIX, TENANT } from '../simulation/file.ts';

const MINUTE = 60_000;

export interface UploadLoad {
  readonly files: number;
  readonly messagesPerFile: number;
  readonly smallFiles: number;
  readonly messagesPerSmallFile: number;
  /** The minutes over which the uploads are spread evenly. */
  readonly uploadMinutes: number;
}

/** A file that a caller uploads at an instant: through the service, which creates its job first, or past it. */
export interface TimedUpload {
  readonly at: number;
  readonly key: string;
  readonly messages: number;
  readonly job?: Job;
}

/** Returns large and small files. Every other one of each is put straight into the store. */
export function uploadsOf(load: UploadLoad, cut: CutRule): readonly TimedUpload[] {
  const spread = (count: number, messages: number, name: string): TimedUpload[] =>
    Array.from({ length: count }, (_, file) => {
      const at = (file / count) * load.uploadMinutes * MINUTE;
      if (file % 2 === 1) return { at, messages, key: `${PREFIX}${name}-${file}.csv` };
      const jobId = `01948f3c-2c00-7000-8000-${(file * 2 + (name === 'large' ? 1 : 0)).toString(16).padStart(12, '0')}`;
      const source = { key: sourceKey(PREFIX, { tenant: TENANT, jobId }, `${name}.csv`) };
      const job = newJob({ tenant: TENANT, jobId, name, cut, source, createdAt: at });
      return { at, messages, key: source.key, job };
    });
  return [
    ...spread(load.files, load.messagesPerFile, 'large'),
    ...spread(load.smallFiles, load.messagesPerSmallFile, 'small'),
  ].toSorted((a, b) => a.at - b.at);
}
