/** Remembers which job was the last with a content: the bytes of a file, or one of its rows. */
export interface Contents {
  /** Notes that this job has a content; resolves to the job that had it before, if any. */
  note(tenant: string, digest: string, jobId: string): Promise<string | undefined>;
}
