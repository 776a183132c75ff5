import {
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { CHANGE_INDEX, CREATION_INDEX, cursorOf } from '../../contract/index.ts';
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
  type Jobs,
  type PinnedSource,
  type Recovery,
  type Redrive,
  type Repair,
  type Start,
} from '../../engine/index.ts';
import { batchGet } from './batch-get.ts';
import { ifCondition } from './conditional.ts';
import { closedText, itemOfJob, jobKeyOf, jobOfItem, keyOfJobPk, openShard, OPEN_SHARDS } from './job-item.ts';

/** Clauses of the conditions below, each named for what it guards. */
const IS_NEW = '#status = :NEW';
const IS_UNPINNED = 'attribute_not_exists(#source.#etag)';
const IS_RUNNING = '#status IN (:NEW, :IN_PROGRESS)';
const IS_UNSEALED = 'attribute_not_exists(#seal)';
const IS_PINNED = 'attribute_exists(#source.#etag)';
const IS_SEALED = 'attribute_exists(#seal)';
const IS_BEHIND = '#checkpoint.#nextBatch < :nextBatch';
const IS_THERE = '#checkpoint.#nextBatch = :nextBatch';
const IS_AS_READ = '#closed = :from';
/** A job may have been resumed since it was read. */
const IS_ATTEMPT = '#attempt = :attempt';
const IS_FAILED = '#status = :FAILED';
const IS_OVER = '#status IN (:COMPLETED, :FAILED, :CANCELLED)';
const WAS_NEVER_REDRIVEN = 'attribute_not_exists(#redrive)';
const IS_NEXT_REDRIVE = '#redrive.#number = :previous';
const IS_UNPLANNED = '#redrive.#number = :number AND #redrive.#isPlanned = :no';
const WAS_NEVER_RECOVERED = '(attribute_not_exists(#recovery) OR #recovery.#number = :number)';
const IS_RECOVERY = '#recovery.#number = :number';
const IS_LATEST_RESEND = '(attribute_not_exists(#resent) OR #resent < :resent)';
/** Once: a late one would take away what the sweep finds the job by, when it owes something again. */
const IS_UNANNOUNCED = 'attribute_not_exists(#isAnnounced)';

const clausesOf = (guard: Guard): string[] => [
  ...(guard.isSealed === undefined ? [] : [guard.isSealed ? IS_SEALED : IS_UNSEALED]),
  ...(guard.isPinned === undefined ? [] : [guard.isPinned ? IS_PINNED : IS_UNPINNED]),
  ...(guard.closed ? [IS_AS_READ] : []),
  ...(guard.nextBatch === undefined ? [] : [IS_THERE]),
];

const IS_NO_LATER_REPORT = '(attribute_not_exists(#report) OR #report.#run <= :run)';

const STATUSES = ['NEW', 'IN_PROGRESS', 'COMPLETED', 'FAILED', 'CANCELLED'] as const satisfies readonly Job['status'][];

interface Change {
  readonly update: string;
  readonly condition: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
}

/** A place is a sort key of the index. DynamoDB refuses an empty one, and no other kind was ever given out. */
const listCursor = cursorOf(z.strictObject({ after: z.string().regex(/^[0-9TZ:.+-]{24,27}#[0-9a-f-]{36}$/) }));

/** Jobs that one call looks at for those of a status; then the page is short. */
const LOOKED_AT_PER_LIST = 1_000;

/** With a status asked for, few of a page may be of it: as many as one `BatchGetItem` reads are looked at together. */
const FILTERED_PAGE_SIZE = 100;

interface ListedJob {
  readonly listSk: string;
  readonly job: Job | undefined;
}

/** Jobs in the TaskFiles table. */
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
      Item: itemOfJob(job, this.#clock.now()),
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    return (await ifCondition(this.#client.send(put))) ? job : this.#stored(job);
  }

  async read(key: JobKey): Promise<Job | undefined> {
    const get = new GetCommand({ TableName: this.#table, Key: jobKeyOf(key), ConsistentRead: true });
    const { Item } = await this.#client.send(get);
    return Item && jobOfItem(Item);
  }

  async readMany(keys: readonly JobKey[]): Promise<FoundJobs> {
    const items = await batchGet(this.#client, this.#table, keys.map(jobKeyOf), { isConsistent: false });
    const [jobs, unreadable]: [Job[], UnreadableJobError[]] = [[], []];
    for (const item of items) {
      try {
        jobs.push(jobOfItem(item));
      } catch (reason) {
        if (!(reason instanceof UnreadableJobError)) throw reason;
        unreadable.push(reason);
      }
    }
    return { jobs, unreadable };
  }

  pin(key: JobKey, source: PinnedSource): Promise<Job> {
    return this.#change(key, {
      update: 'SET #source = :source',
      condition: [IS_UNPINNED],
      values: { ':source': source },
    });
  }

  start(key: JobKey, { format, header, checkpoint, similarTo, at }: Start): Promise<Job> {
    return this.#change(key, {
      update: `SET #status = :IN_PROGRESS, #format = :format, #header = :header, #checkpoint = :checkpoint, #dataStart = :checkpoint, #startedAt = :at${similarTo === undefined ? '' : ', #similarTo = :similarTo'}`,
      condition: [IS_NEW],
      values: {
        ':format': format,
        ':header': header,
        ':checkpoint': checkpoint,
        ':at': at,
        ...(similarTo !== undefined && { ':similarTo': similarTo }),
      },
    });
  }

  advance(key: JobKey, checkpoint: Job['checkpoint']): Promise<Job> {
    return this.#change(key, {
      update: 'SET #checkpoint = :checkpoint',
      condition: [IS_RUNNING, IS_UNSEALED, IS_BEHIND],
      values: { ':checkpoint': checkpoint, ':nextBatch': checkpoint.nextBatch },
    });
  }

  seal(key: JobKey, seal: NonNullable<Job['seal']>): Promise<Job> {
    return this.#change(key, {
      update: 'SET #seal = :seal',
      condition: [IS_RUNNING, IS_UNSEALED],
      values: { ':seal': seal },
    });
  }

  close(key: JobKey, { from, to, succeeded, failed, doneBytes }: Close): Promise<Job> {
    return this.#change(key, {
      update: 'SET #closed = :to ADD #succeeded :succeeded, #failed :failed, #doneBytes :doneBytes',
      condition: [IS_AS_READ],
      values: {
        ':from': closedText(from),
        ':to': closedText(to),
        ':succeeded': succeeded,
        ':failed': failed,
        ':doneBytes': doneBytes,
      },
    });
  }

  finish(job: JobAttempt, { status, at, failure, guard }: Finish): Promise<Job> {
    return this.#change(job, {
      // A completed job was announced before; nobody owes it anything more.
      update: `SET #status = :status, #completedAt = :at${failure ? ', #failure = :failure' : ''}${status === 'COMPLETED' ? ' REMOVE #openPk' : ''}`,
      condition: [IS_RUNNING, IS_ATTEMPT, ...clausesOf(guard)],
      values: {
        ':attempt': job.attempt,
        ':status': status,
        ':at': at,
        ...(failure && { ':failure': failure }),
        ...(guard.closed && { ':from': closedText(guard.closed) }),
        ...(guard.nextBatch !== undefined && { ':nextBatch': guard.nextBatch }),
      },
    });
  }

  markAnnounced(job: JobAttempt): Promise<Job> {
    return this.#change(job, {
      update: 'SET #isAnnounced = :yes REMOVE #openPk',
      condition: [IS_ATTEMPT, IS_UNANNOUNCED],
      values: { ':yes': true, ':attempt': job.attempt },
    });
  }

  reopen(job: JobAttempt & Pick<Job, 'header'>): Promise<Job> {
    return this.#change(job, {
      update:
        'SET #status = :status, #openPk = :openPk ADD #attempt :one REMOVE #failure, #completedAt, #isAnnounced, #report',
      condition: [IS_FAILED, IS_ATTEMPT],
      values: {
        // A failed job keeps its header, or has none.
        ':status': job.header ? 'IN_PROGRESS' : 'NEW',
        ':openPk': openShard(job.jobId),
        ':one': 1,
        ':attempt': job.attempt,
      },
    });
  }

  claimRedrive(key: JobKey, redrive: Redrive): Promise<Job> {
    return this.#change(key, {
      update: 'SET #redrive = :redrive, #openPk = :openPk',
      condition: [IS_OVER, redrive.number === 1 ? WAS_NEVER_REDRIVEN : IS_NEXT_REDRIVE],
      values: { ':redrive': redrive, ':openPk': openShard(key.jobId), ':previous': redrive.number - 1 },
    });
  }

  markPlanned(key: JobKey, number: number): Promise<Job> {
    return this.#change(key, {
      update: 'SET #redrive.#isPlanned = :yes REMOVE #openPk',
      condition: [IS_UNPLANNED],
      values: { ':yes': true, ':no': false, ':number': number },
    });
  }

  repair(key: JobKey, { closed, from, to }: Repair): Promise<Job> {
    return this.#change(key, {
      update: 'SET #succeeded = :succeeded, #failed = :failed, #doneBytes = :doneBytes',
      condition: [IS_AS_READ, '#succeeded = :wasSucceeded', '#failed = :wasFailed', '#doneBytes = :wasDoneBytes'],
      values: {
        ':from': closedText(closed),
        ':succeeded': to.succeeded,
        ':failed': to.failed,
        ':doneBytes': to.doneBytes,
        ':wasSucceeded': from.succeeded,
        ':wasFailed': from.failed,
        ':wasDoneBytes': from.doneBytes,
      },
    });
  }

  attachReport(job: JobAttempt, report: JobReport): Promise<Job> {
    return this.#change(job, {
      update: 'SET #report = :report',
      condition: [IS_ATTEMPT, IS_NO_LATER_REPORT],
      values: { ':attempt': job.attempt, ':report': report, ':run': report.run },
    });
  }

  recover(key: JobKey, from: number, recovery: Recovery): Promise<Job> {
    return this.#change(key, {
      update: 'SET #recovery = :recovery',
      condition: [from === 0 ? WAS_NEVER_RECOVERED : IS_RECOVERY],
      values: { ':recovery': recovery, ':number': from },
    });
  }

  markResent(key: JobKey, recovery: number): Promise<Job> {
    return this.#change(key, {
      update: 'SET #resent = :resent',
      condition: [IS_LATEST_RESEND],
      values: { ':resent': recovery },
    });
  }

  async *listStill(before: number): AsyncGenerator<JobKey> {
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
      yield* (Items ?? []).map(({ pk }) => keyOfJobPk(String(pk)));
      from = LastEvaluatedKey;
    } while (from);
  }

  async list({ tenant, limit, status, after }: JobListQuery): Promise<JobPage> {
    const jobs: Job[] = [];
    let place = after === undefined ? undefined : listCursor.decode(after).after;
    let looked = 0;
    const pageSize = status === undefined ? limit : FILTERED_PAGE_SIZE;
    for await (const { listSk, job } of this.#newestFirst(tenant, place, pageSize)) {
      if (place !== undefined && (jobs.length === limit || looked === LOOKED_AT_PER_LIST)) {
        return { jobs, after: listCursor.encode({ after: place }) };
      }
      if (job && (status ?? job.status) === job.status) jobs.push(job);
      place = listSk;
      looked += 1;
    }
    return { jobs };
  }

  async *#newestFirst(tenant: string, after: string | undefined, pageSize: number): AsyncGenerator<ListedJob> {
    let place = after;
    for (;;) {
      const keys = await this.#listKeys(tenant, place, pageSize);
      yield* await this.#readListed(keys);
      place = keys.at(-1)?.listSk;
      if (place === undefined || keys.length < pageSize) return;
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
    const jobs = new Map(items.map((item) => [item['pk'], jobOfItem(item)]));
    return keys.map(({ pk, listSk }) => ({ listSk, job: jobs.get(pk) }));
  }

  /** One conditional write; the job as it is stored afterwards, whether the condition held or not. */
  async #change(key: JobKey, { update, condition, values }: Change): Promise<Job> {
    const conditionText = ['attribute_exists(pk)', ...condition].join(' AND ');
    const updateText = withChangedAt(update);
    const statuses = Object.fromEntries(STATUSES.map((status) => [`:${status}`, status]));
    const command = new UpdateCommand({
      TableName: this.#table,
      Key: jobKeyOf(key),
      UpdateExpression: updateText,
      ConditionExpression: conditionText,
      ...namesAndValues(`${updateText} ${conditionText}`, { ...statuses, ':changedAt': this.#clock.now(), ...values }),
      ReturnValues: 'ALL_NEW',
    });
    const result = await ifCondition(this.#client.send(command));
    return result ? jobOfItem(result.Attributes) : this.#stored(key);
  }

  async #stored(key: JobKey): Promise<Job> {
    const job = await this.read(key);
    if (!job) throw new UnknownJobError(key.tenant, key.jobId);
    return job;
  }
}

const listedKey = z.object({ pk: z.string(), sk: z.string(), listSk: z.string() });

/** Every change is noted, so that jobs that stand still can be found. */
const withChangedAt = (update: string): string =>
  update.includes('#changedAt') ? update : update.replace('SET ', 'SET #changedAt = :changedAt, ');

/** Names and values that the expressions use; DynamoDB refuses those that none uses. */
function namesAndValues(
  text: string,
  values: Readonly<Record<string, unknown>>,
): { ExpressionAttributeNames: Record<string, string>; ExpressionAttributeValues: Record<string, unknown> } {
  const names = new Set(text.match(/#\w+/g));
  const used = new Set(text.match(/:\w+/g));
  return {
    ExpressionAttributeNames: Object.fromEntries([...names].map((name) => [name, name.slice(1)])),
    ExpressionAttributeValues: Object.fromEntries(Object.entries(values).filter(([name]) => used.has(name))),
  };
}
