import { type FauxqsApp, isS3 } from '../call/fauxqs-call.ts';
import { S3Refusal } from './refusal.ts';

/** Returns the body of an S3 error. */
export function toS3Error(code: string, message: string): string {
  const text = message.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${text}</Message></Error>`;
}

/** Responds to errors of S3 requests in the form of S3, because clients read no other. */
export function sendErrors(app: FauxqsApp): void {
  app.setErrorHandler((error, request, reply) => {
    if (!isS3(request)) throw error;
    const { status, code, message } = toRefusal(error);
    void reply.code(status).type('application/xml').send(toS3Error(code, message));
  });
  app.setNotFoundHandler((request, reply) => {
    const message = `There is no ${request.method} ${request.url}.`;
    void reply.code(405).type('application/xml').send(toS3Error('MethodNotAllowed', message));
  });
}

function toRefusal(error: unknown): S3Refusal {
  if (error instanceof S3Refusal) return error;
  const { statusCode = 500, message = '' } = (error ?? {}) as { statusCode?: number; message?: string };
  if (statusCode === 413)
    return new S3Refusal(413, 'EntityTooLarge', 'The body is larger than S3 accepts in one request.');
  if (statusCode < 500) return new S3Refusal(statusCode, 'InvalidRequest', message);
  console.error(`The local S3 failed: ${String(error)}`);
  return new S3Refusal(
    500,
    'InternalError',
    'The local S3 failed at this request. The terminal of the local cloud shows why.',
  );
}
