import { type Guard, notAuthorized, type Permission, type Refusal } from '../iam/guard.ts';
import { queuePermissions, topicPermissions } from '../iam/message-permissions.ts';
import { knowsKeys, objectPermissions } from '../iam/object-permissions.ts';
import { callerOf } from './call/caller.ts';
import { calledOperation, type FauxqsApp, type FauxqsRequest, isS3, s3Request } from './call/fauxqs-call.ts';
import { s3Error } from './s3/error-responses.ts';

type Reply = Parameters<Parameters<FauxqsApp['setErrorHandler']>[0]>[2];

/** Refuses S3, SQS and SNS calls that the caller's role does not allow, each as its service does. */
export function enforcePolicies(app: FauxqsApp, guard: Guard, region: string): void {
  app.addHook('preHandler', (request, reply, done) => {
    const caller = callerOf(request.headers, request.url);
    if (!guard.restricts(caller)) return done();
    const { service, operation } = calledOperation(request);
    const refusal = guard.refusal(caller, permissionsOf(service, operation, request, region));
    if (refusal) refuse(service, reply, refusal);
    else done();
  });
  hideMissingKeys(app, guard);
}

function permissionsOf(
  service: string,
  operation: string,
  request: FauxqsRequest,
  region: string,
): readonly Permission[] {
  if (service === 'sqs') return queuePermissions(operation, request.body, region);
  if (service === 'sns') return topicPermissions(operation, request.body);
  // Everybody may ask who he is.
  return service === 'sts' ? [] : objectPermissions({ operation, ...s3Request(request) });
}

function refuse(service: string, reply: Reply, refusal: Refusal): void {
  if (service === 'sqs') refuseSqs(reply, refusal);
  else if (service === 'sns') refuseSns(reply, refusal);
  else void reply.code(403).type('application/xml').send(s3Refusal(refusal));
}

function refuseSqs(reply: Reply, refusal: Refusal): void {
  const message = notAuthorized(refusal, { action: refusal.action.toLowerCase() });
  reply.code(403).type('application/x-amz-json-1.0').header('x-amzn-query-error', 'AccessDenied;Sender');
  void reply.send(JSON.stringify({ __type: 'com.amazon.coral.service#AccessDeniedException', message }));
}

function refuseSns(reply: Reply, refusal: Refusal): void {
  const message = notAuthorized(refusal, { action: refusal.action.replace(/^sns/, 'SNS') });
  const error = `<Error><Type>Sender</Type><Code>AuthorizationError</Code><Message>${message}</Message></Error>`;
  const body = `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">${error}</ErrorResponse>`;
  void reply.code(403).type('text/xml').send(body);
}

const s3Refusal = (refusal: Refusal): string =>
  s3Error('AccessDenied', notAuthorized(refusal, { action: refusal.action, quoted: true }));

/** To a caller who may not list the keys of a bucket, S3 does not tell that one is missing. */
function hideMissingKeys(app: FauxqsApp, guard: Guard): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    if (reply.statusCode !== 404 || !isS3(request)) return done(null, payload);
    const { bucket, key, method } = s3Request(request);
    const reads = key !== '' && (method === 'GET' || method === 'HEAD') && !('uploadId' in s3Request(request).query);
    const refusal = reads ? guard.refusal(callerOf(request.headers, request.url), [knowsKeys(bucket)]) : undefined;
    if (!refusal) return done(null, payload);
    reply.code(403).type('application/xml').removeHeader('content-length');
    done(null, s3Refusal(refusal));
  });
}
