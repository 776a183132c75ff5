import {
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { CHANGE_INDEX, CREATION_INDEX, cursorCodec } from '../../contract/index.ts';
import {
  UnknownJobError,
  UnreadableJobError,
  type Clock,
  type Close,
  type Finish,
  type FoundJobs,
  type Guard,
  type Job,
  type JobAttempt,
  type JobKey,
  type JobListQuery,
  type JobPage,
  type JobReport,
  type JobStatus,
  type Jobs,
  type PinnedSource,
  type Recovery,
  type Redrive,
  type Repair,
  type Start,
} from '../../engine/index.ts';
import { batchGet } from './batch-get.ts';
import { ifCondition } from './conditional.ts';
import {
  allOf,
  anyOf,
  isAbsent,
  isAtMost,
  isBelow,
  isEqual,
  isOneOf,
  isPresent,
  toExpressions,
  type Condition,
  type Update,
} from './expressions.ts';
import { toClosedText, toJobItem, toJobKey, parseJob, parseJobPk, toOpenShard, OPEN_SHARDS } from './job-item.ts';

const hasStatus = (...statuses: readonly JobStatus[]): Condition => isOneOf('status', statuses);

const IS_NEW = hasStatus('NEW');
const IS_RUNNING = hasStatus('NEW', 'IN_PROGRESS');
const IS_FAILED = hasStatus('FAILED');
const HAS_ENDED = hasStatus('COMPLETED', 'FAILED', 'CANCELLED');
const IS_UNPINNED = isAbsent('source.etag');
const IS_PINNED = isPresent('source.etag');
const IS_UNSEALED = isAbsent('seal');
const IS_SEALED = isPresent('seal');
/** Only once: a late mark would hide a job from the sweep that is due again. */
const IS_UNANNOUNCED = isAbsent('isAnnounced');

/** A job may have been resumed since it was read. */
const isAttempt = ({ attempt }: JobAttempt): Condition => isEqual('attempt', attempt);
/** No other delivery has rolled up a segment since the job was read. */
const isClosedAs = (closed: Job['closed']): Condition => isEqual('closed', toClosedText(closed));

const toConditions = ({ isSealed, isPinned, closed, nextBatch }: Guard): readonly Condition[] => [
  ...(isSealed === undefined ? [] : [isSealed ? IS_SEALED : IS_UNSEALED]),
  ...(isPinned === undefined ? [] : [isPinned ? IS_PINNED : IS_UNPINNED]),
  ...(closed ? [isClosedAs(closed)] : []),
  ...(nextBatch === undefined ? [] : [isEqual('checkpoint.nextBatch', nextBatch)]),
];

interface Change {
  /** All must hold. */
  readonly conditions: readonly Condition[];
  readonly update: Update;
}

/** Puts a job into the index of changes, where the sweep finds it. */
const toOpenKey = ({ jobId }: JobKey) => ({ [CHANGE_INDEX.partitionKey]: toOpenShard(jobId) });
/** Takes a job out of the index of changes. */
const OPEN_KEY = [CHANGE_INDEX.partitionKey];

/** A cursor holds a sort key of the index. DynamoDB refuses an empty one, and the service issues no other kind. */
const listCursor = cursorCodec(z.strictObject({ after: z.string().regex(/^[0-9TZ:.+-]{24,27}#[0-9a-f-]{36}$/) }));

/** One call looks at no more jobs to find those of a status. The page may then be short. */
const LOOKED_AT_PER_LIST = 1_000;

/** When a status is asked for, few jobs may have it, so a page looks at as many as one `BatchGetItem` reads. */
const FILTERED_PAGE_SIZE = 100;

interface ListedJob {
  readonly listSk: string;
  readonly job: Job | undefined;
}

/** The job store, in the TaskFiles table. */
export class DynamoJobs implements Jobs {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(client: DynamoDBDocumentClient, table: string, clock: Clock) {
    this.#client = client;
    this.#table = table;
    this.#clock = clock;
  }

  async create(job: Job): Promise<Job> {
    const put = new PutCommand({
      TableName: this.#table,
      Item: toJobItem(job, this.#clock.now()),
      ...toExpressions({ condition: isAbsent('pk') }),
    });
    return (await ifCondition(this.#client.send(put))) ? job : this.#stored(job);
  }

  async read(key: JobKey): Promise<Job | undefined> {
    const get = new GetCommand({ TableName: this.#table, Key: toJobKey(key), ConsistentRead: true });
    const { Item } = await this.#client.send(get);
    return Item && parseJob(Item);
  }

  async readMany(keys: readonly JobKey[]): Promise<FoundJobs> {
    const items = await batchGet(this.#client, this.#table, keys.map(toJobKey), { isConsistent: false });
    const [jobs, unreadable]: [Job[], UnreadableJobError[]] = [[], []];
    for (const item of items) {
      try {
        jobs.push(parseJob(item));
      } catch (reason) {
        if (!(reason instanceof UnreadableJobError)) throw reason;
        unreadable.push(reason);
      }
    }
    return { jobs, unreadable };
  }

  pin(key: JobKey, source: PinnedSource): Promise<Job> {
    return this.#change(key, { conditions: [IS_UNPINNED], update: { set: { source } } });
  }

  start(key: JobKey, { format, header, checkpoint, similarTo, at }: Start): Promise<Job> {
    return this.#change(key, {
      conditions: [IS_NEW],
      update: {
        set: { status: 'IN_PROGRESS', format, header, checkpoint, dataStart: checkpoint, startedAt: at, similarTo },
      },
    });
  }

  advance(key: JobKey, checkpoint: Job['checkpoint']): Promise<Job> {
    return this.#change(key, {
      conditions: [IS_RUNNING, IS_UNSEALED, isBelow('checkpoint.nextBatch', checkpoint.nextBatch)],
      update: { set: { checkpoint } },
    });
  }

  seal(key: JobKey, seal: NonNullable<Job['seal']>): Promise<Job> {
    return this.#change(key, { conditions: [IS_RUNNING, IS_UNSEALED], update: { set: { seal } } });
  }

  close(key: JobKey, { from, to, succeeded, failed, doneBytes }: Close): Promise<Job> {
    return this.#change(key, {
      conditions: [isClosedAs(from)],
      update: { set: { closed: toClosedText(to) }, add: { succeeded, failed, doneBytes } },
    });
  }

  finish(job: JobAttempt, { status, at, failure, guard }: Finish): Promise<Job> {
    return this.#change(job, {
      conditions: [IS_RUNNING, isAttempt(job), ...toConditions(guard)],
      update: {
        set: { status, completedAt: at, failure },
        // The end of a job that completes was announced before: nothing is left for the sweep.
        remove: status === 'COMPLETED' ? OPEN_KEY : [],
      },
    });
  }

  markAnnounced(job: JobAttempt): Promise<Job> {
    return this.#change(job, {
      conditions: [isAttempt(job), IS_UNANNOUNCED],
      update: { set: { isAnnounced: true }, remove: OPEN_KEY },
    });
  }

  reopen(job: JobAttempt & Pick<Job, 'header'>): Promise<Job> {
    // A failed job keeps its header, or has none.
    const status: JobStatus = job.header ? 'IN_PROGRESS' : 'NEW';
    return this.#change(job, {
      conditions: [IS_FAILED, isAttempt(job)],
      update: {
        set: { status, ...toOpenKey(job) },
        add: { attempt: 1 },
        remove: ['failure', 'completedAt', 'isAnnounced', 'report'],
      },
    });
  }

  reserveRedrive(key: JobKey, redrive: Redrive): Promise<Job> {
    const { number } = redrive;
    return this.#change(key, {
      conditions: [HAS_ENDED, number === 1 ? isAbsent('redrive') : isEqual('redrive.number', number - 1)],
      update: { set: { redrive, ...toOpenKey(key) } },
    });
  }

  markPlanned(key: JobKey, number: number): Promise<Job> {
    return this.#change(key, {
      conditions: [isEqual('redrive.number', number), isEqual('redrive.isPlanned', false)],
      update: { set: { 'redrive.isPlanned': true }, remove: OPEN_KEY },
    });
  }

  repair(key: JobKey, { closed, from, to }: Repair): Promise<Job> {
    const { succeeded, failed, doneBytes } = to;
    return this.#change(key, {
      conditions: [
        isClosedAs(closed),
        isEqual('succeeded', from.succeeded),
        isEqual('failed', from.failed),
        isEqual('doneBytes', from.doneBytes),
      ],
      update: { set: { succeeded, failed, doneBytes } },
    });
  }

  attachReport(job: JobAttempt, report: JobReport): Promise<Job> {
    return this.#change(job, {
      conditions: [isAttempt(job), anyOf(isAbsent('report'), isAtMost('report.run', report.run))],
      update: { set: { report } },
    });
  }

  recover(key: JobKey, from: number, recovery: Recovery): Promise<Job> {
    const isLatest = isEqual('recovery.number', from);
    return this.#change(key, {
      conditions: [from === 0 ? anyOf(isAbsent('recovery'), isLatest) : isLatest],
      update: { set: { recovery } },
    });
  }

  markResent(key: JobKey, recovery: number): Promise<Job> {
    return this.#change(key, {
      conditions: [anyOf(isAbsent('resent'), isBelow('resent', recovery))],
      update: { set: { resent: recovery } },
    });
  }

  async *listStalled(before: number): AsyncGenerator<JobKey> {
    for (const shard of OPEN_SHARDS) yield* this.#listShard(shard, before);
  }

  async *#listShard(shard: string, before: number): AsyncGenerator<JobKey> {
    let from: Record<string, unknown> | undefined;
    do {
      const query = new QueryCommand({
        TableName: this.#table,
        IndexName: CHANGE_INDEX.name,
        KeyConditionExpression: 'openPk = :shard AND changedAt < :before',
        ExpressionAttributeValues: { ':shard': shard, ':before': before },
        ...(from && { ExclusiveStartKey: from }),
      });
      const { Items, LastEvaluatedKey } = await this.#client.send(query);
      yield* (Items ?? []).map(({ pk }) => parseJobPk(String(pk)));
      from = LastEvaluatedKey;
    } while (from);
  }

  async list({ tenant, limit, status, after }: JobListQuery): Promise<JobPage> {
    const jobs: Job[] = [];
    let position = after === undefined ? undefined : listCursor.decode(after).after;
    let looked = 0;
    const pageSize = status === undefined ? limit : FILTERED_PAGE_SIZE;
    for await (const { listSk, job } of this.#newestFirst(tenant, position, pageSize)) {
      if (position !== undefined && (jobs.length === limit || looked === LOOKED_AT_PER_LIST)) {
        return { jobs, after: listCursor.encode({ after: position }) };
      }
      if (job && (status ?? job.status) === job.status) jobs.push(job);
      position = listSk;
      looked += 1;
    }
    return { jobs };
  }

  async *#newestFirst(tenant: string, after: string | undefined, pageSize: number): AsyncGenerator<ListedJob> {
    let position = after;
    for (;;) {
      const keys = await this.#listKeys(tenant, position, pageSize);
      yield* await this.#readListed(keys);
      position = keys.at(-1)?.listSk;
      if (position === undefined || keys.length < pageSize) return;
    }
  }

  async #listKeys(
    tenant: string,
    after: string | undefined,
    limit: number,
  ): Promise<readonly z.infer<typeof listedKey>[]> {
    const query = new QueryCommand({
      TableName: this.#table,
      IndexName: CREATION_INDEX.name,
      KeyConditionExpression: `listPk = :tenant${after === undefined ? '' : ' AND listSk < :after'}`,
      ExpressionAttributeValues: { ':tenant': tenant, ...(after !== undefined && { ':after': after }) },
      ScanIndexForward: false,
      Limit: limit,
    });
    const { Items } = await this.#client.send(query);
    return (Items ?? []).map((item) => listedKey.parse(item));
  }

  async #readListed(keys: readonly z.infer<typeof listedKey>[]): Promise<ListedJob[]> {
    const items = await batchGet(
      this.#client,
      this.#table,
      keys.map(({ pk, sk }) => ({ pk, sk })),
    );
    const jobs = new Map(items.map((item) => [item['pk'], parseJob(item)]));
    return keys.map(({ pk, listSk }) => ({ listSk, job: jobs.get(pk) }));
  }

  /**
   * Makes one conditional write; resolves to the job as it is stored afterwards, whether the conditions held or not.
   * Every change gets its time, so that the sweep finds jobs that make no progress.
   */
  async #change(key: JobKey, { conditions, update }: Change): Promise<Job> {
    const command = new UpdateCommand({
      TableName: this.#table,
      Key: toJobKey(key),
      ...toExpressions({
        update: { ...update, set: { [CHANGE_INDEX.sortKey]: this.#clock.now(), ...update.set } },
        condition: allOf(isPresent('pk'), ...conditions),
      }),
      ReturnValues: 'ALL_NEW',
    });
    const result = await ifCondition(this.#client.send(command));
    return result ? parseJob(result.Attributes) : this.#stored(key);
  }

  async #stored(key: JobKey): Promise<Job> {
    const job = await this.read(key);
    if (!job) throw new UnknownJobError(key.tenant, key.jobId);
    return job;
  }
}

const listedKey = z.object({ pk: z.string(), sk: z.string(), listSk: z.string() });
