/** Which job brought a content last: a file's bytes, or one of its rows. */
export interface Contents {
  /** Notes that this job brings a content; resolves to the job that brought it before, if any. */
  note(tenant: string, digest: string, jobId: string): Promise<string | undefined>;
}
