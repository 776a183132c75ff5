/** Which file brought a content last, so that a person is told when the same bytes come again. */
export interface Contents {
  /** Notes that this file brings a content; resolves to the one that brought it before, if any. */
  note(tenant: string, digest: string, jobId: string): Promise<string | undefined>;
}
