/** A request that the local S3 refuses, with the status and code of S3. */
export class S3Refusal extends Error {
  override readonly name = 'S3Refusal';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Makes the refusal of what S3 supports and the local S3 does not. */
export const notImplemented = (message: string): S3Refusal => new S3Refusal(501, 'NotImplemented', message);
