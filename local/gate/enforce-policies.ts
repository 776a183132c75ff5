import { type Guard, notAuthorizedMessage, type Permission, type Refusal } from '../iam/guard.ts';
import { toQueuePermissions, toTopicPermissions } from '../iam/message-permissions.ts';
import { listPermission, toObjectPermissions } from '../iam/object-permissions.ts';
import { callerOf } from './call/caller.ts';
import { toOperation, type FauxqsApp, type FauxqsRequest, isS3, toS3Request } from './call/fauxqs-call.ts';
import { toS3Error } from './s3/error-responses.ts';

type Reply = Parameters<Parameters<FauxqsApp['setErrorHandler']>[0]>[2];

/** Refuses calls of S3, SQS and SNS that the caller's role does not allow, each in the form of its service. */
export function enforcePolicies(app: FauxqsApp, guard: Guard, region: string): void {
  app.addHook('preHandler', (request, reply, done) => {
    const caller = callerOf(request.headers, request.url);
    if (!guard.restricts(caller)) return done();
    const { service, operation } = toOperation(request);
    const refusal = guard.check(caller, neededPermissions(service, operation, request, region));
    if (refusal) refuse(service, reply, refusal);
    else done();
  });
  hideMissingKeys(app, guard);
}

function neededPermissions(
  service: string,
  operation: string,
  request: FauxqsRequest,
  region: string,
): readonly Permission[] {
  if (service === 'sqs') return toQueuePermissions(operation, request.body, region);
  if (service === 'sns') return toTopicPermissions(operation, request.body);
  // Every caller may ask for its own identity.
  return service === 'sts' ? [] : toObjectPermissions({ operation, ...toS3Request(request) });
}

function refuse(service: string, reply: Reply, refusal: Refusal): void {
  if (service === 'sqs') refuseSqs(reply, refusal);
  else if (service === 'sns') refuseSns(reply, refusal);
  else void reply.code(403).type('application/xml').send(toS3Body(refusal));
}

function refuseSqs(reply: Reply, refusal: Refusal): void {
  const message = notAuthorizedMessage(refusal, { action: refusal.action.toLowerCase() });
  reply.code(403).type('application/x-amz-json-1.0').header('x-amzn-query-error', 'AccessDenied;Sender');
  void reply.send(JSON.stringify({ __type: 'com.amazon.coral.service#AccessDeniedException', message }));
}

function refuseSns(reply: Reply, refusal: Refusal): void {
  const message = notAuthorizedMessage(refusal, { action: refusal.action.replace(/^sns/, 'SNS') });
  const error = `<Error><Type>Sender</Type><Code>AuthorizationError</Code><Message>${message}</Message></Error>`;
  const body = `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">${error}</ErrorResponse>`;
  void reply.code(403).type('text/xml').send(body);
}

const toS3Body = (refusal: Refusal): string =>
  toS3Error('AccessDenied', notAuthorizedMessage(refusal, { action: refusal.action, quoted: true }));

/**
 * Changes 404 to 403 for a caller that may not list the keys of a bucket. S3 does not reveal to it that a key is
 * missing.
 */
function hideMissingKeys(app: FauxqsApp, guard: Guard): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    if (reply.statusCode !== 404 || !isS3(request)) return done(null, payload);
    const { bucket, key, method } = toS3Request(request);
    const reads = key !== '' && (method === 'GET' || method === 'HEAD') && !('uploadId' in toS3Request(request).query);
    const refusal = reads ? guard.check(callerOf(request.headers, request.url), [listPermission(bucket)]) : undefined;
    if (!refusal) return done(null, payload);
    reply.code(403).type('application/xml').removeHeader('content-length');
    done(null, toS3Body(refusal));
  });
}
