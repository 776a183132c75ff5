import type { Guard } from '../iam/guard.ts';
import type { CallCounter } from './call/call-counter.ts';
import { announceObjects } from './s3/events/announce-objects.ts';
import { sendRequestedHeaders } from './s3/requested-headers.ts';
import { markRangeRequests } from './s3/bytes-on-disk.ts';
import { callerOf } from './call/caller.ts';
import { enforcePolicies } from './enforce-policies.ts';
import { corsHeaders, preflightHeaders } from './call/cors.ts';
import { toOperation, type FauxqsApp, type FauxqsRequest, isS3, toS3Request } from './call/fauxqs-call.ts';
import { toForeignRefusal } from './call/loopback.ts';
import { checkMultipartUploads } from './s3/multipart.ts';
import type { ObjectNotifications } from './s3/events/object-notifications.ts';
import type { ObjectStore } from './s3/object-store.ts';
import { serveOwnOperations } from './s3/own-operations.ts';
import type { PostponedMessages } from './sqs/postponed-messages.ts';
import { checkPreconditions } from './s3/preconditions.ts';
import { toPresignedRefusal } from './s3/presigned-url.ts';
import { receiveBodies } from './s3/received-body.ts';
import { sendErrors } from './s3/error-responses.ts';
import { S3Refusal } from './s3/refusal.ts';
import { rewriteQueueUrls } from './sqs/queue-urls.ts';
import { refuseUnsupported } from './s3/unsupported.ts';
import { toSentRequest, moveBucketsToPaths } from './s3/virtual-hosts.ts';

/**
 * The largest body. fauxqs accepts 11 MiB and S3 5 GiB in one PUT. A body is held in memory here, so this is what a
 * machine can spare.
 */
const BODY_MAX_BYTES = 512 * 1024 * 1024;

/** Node's default limit for a whole request. Fastify sets none. */
const REQUEST_TIMEOUT_MS = 300_000;

export interface FauxqsGateOptions {
  readonly counter: CallCounter;
  readonly guard: Guard;
  readonly region: string;
  readonly notifications: ObjectNotifications;
  readonly postponed: PostponedMessages;
  /** Returns undefined as long as there is no bucket. */
  readonly store: () => ObjectStore | undefined;
  /** The foreign origins whose pages may call. */
  readonly origins: ReadonlySet<string>;
  readonly onDisk: boolean;
}

/** Installs the gate around fauxqs. Must be called on the Fastify instance before it gets its routes. */
export function installFauxqsGate(app: FauxqsApp, options: FauxqsGateOptions): void {
  bindLoopback(app);
  moveBucketsToPaths(app.server);
  app.server.requestTimeout = REQUEST_TIMEOUT_MS;
  app.addHook('onRoute', (route) => {
    route.bodyLimit = BODY_MAX_BYTES;
    if (options.onDisk) markRangeRequests(route);
    checkPreconditions(route, options.store);
    serveOwnOperations(route, options.store);
    announceObjects(app, route, options.notifications);
  });
  sendErrors(app);
  refuseForeign(app, options.origins);
  refuseUnservable(app);
  acceptAnyContentType(app);
  countCalls(app, options.counter);
  enforcePolicies(app, options.guard, options.region);
  receiveBodies(app);
  checkMultipartUploads(app, options.store);
  sendRequestedHeaders(app);
  repairSqs(app, options.postponed);
}

/** Makes fauxqs listen on 127.0.0.1. By default it listens on every address and has no option for that. */
function bindLoopback(app: FauxqsApp): void {
  const listen = app.listen.bind(app);
  app.listen = (options: object) => listen({ ...options, host: '127.0.0.1' });
}

function refuseForeign(app: FauxqsApp, origins: ReadonlySet<string>): void {
  app.addHook('onRequest', (request, reply, done) => {
    const reason = toForeignRefusal(request.headers, origins);
    if (reason !== undefined) return void reply.code(403).type('text/plain').send(reason);
    if (request.method === 'OPTIONS') return void reply.code(204).headers(preflightHeaders(request.headers)).send();
    reply.headers(corsHeaders(request.headers));
    done();
  });
}

function refuseUnservable(app: FauxqsApp): void {
  app.addHook('onRequest', (request, _reply, done) => {
    if (!isS3(request)) return done();
    const { method } = request;
    const presigned = toPresignedRefusal({ method, ...toSentRequest(request, request.raw) });
    if (presigned) throw new S3Refusal(presigned.status, presigned.code, presigned.message);
    refuseUnsupported(toS3Request(request));
    done();
  });
}

/**
 * Hides the content type of an S3 request from Fastify. An object is bytes, whatever its type. fauxqs parses some
 * types, and Fastify refuses others.
 */
function acceptAnyContentType(app: FauxqsApp): void {
  const types = new WeakMap<object, string | undefined>();
  app.addHook('onRequest', (request, _reply, done) => {
    const { headers } = request;
    if (isS3(request)) {
      types.set(request, headers['content-type']);
      headers['content-type'] = 'application/octet-stream';
    }
    done();
  });
  app.addHook('preHandler', (request, _reply, done) => {
    const type = types.get(request);
    if (type !== undefined) request.headers['content-type'] = type;
    else if (types.has(request)) delete request.headers['content-type'];
    done();
  });
}

function countCalls(app: FauxqsApp, counter: CallCounter): void {
  const tallies = new WeakMap<object, ReturnType<CallCounter['add']>>();
  app.addHook('preHandler', (request, _reply, done) => {
    const { service, operation } = toOperation(request);
    tallies.set(request, counter.add(callerOf(request.headers, request.url), service, operation));
    done();
  });
  app.addHook('onSend', (request, reply, _payload, done) => {
    const tally = tallies.get(request);
    if (tally && reply.statusCode >= 400) tally.refused++;
    done();
  });
}

function repairSqs(app: FauxqsApp, postponed: PostponedMessages): void {
  const isSqs = (request: FauxqsRequest): boolean => !isS3(request) && toOperation(request).service === 'sqs';
  app.addHook('preHandler', (request, _reply, done) => {
    if (isSqs(request)) postponed.change(toOperation(request).operation, request.body);
    done();
  });
  app.addHook('preSerialization', (request, _reply, payload, done) => {
    done(null, isSqs(request) ? rewriteQueueUrls(payload, request.host) : payload);
  });
}
