/**
 * The largest body that `POST /tasks/upload` takes, in bytes: what base64 and headers leave of the 6 MB of a Lambda
 * invocation.
 */
export const UPLOAD_BODY_MAX_BYTES = 4 * 1024 * 1024;
