/** A request that the local S3 refuses, with the status and the code that S3 has for it. */
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

/** The refusal of what S3 can do and the local S3 cannot. */
export const notImplemented = (message: string): S3Refusal => new S3Refusal(501, 'NotImplemented', message);
