import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { NotificationRule } from '../../call/gate.ts';
import { type CreatedObject, objectCreatedEvent, testEvent } from './object-event.ts';

export interface ObjectNotificationsOptions {
  readonly region: string;
  /** Keeps the rules over a restart: a queue gets its test event once, and no upload slips in before a deployment. */
  readonly file: string | undefined;
  readonly send: (queueName: string, body: string) => unknown;
}

type Rules = Record<string, readonly NotificationRule[]>;

/** Tells queues of new objects, as S3 does by a bucket's `NotificationConfiguration`. */
export class ObjectNotifications {
  readonly #options: ObjectNotificationsOptions;
  #rules: Rules;

  constructor(options: ObjectNotificationsOptions) {
    this.#options = options;
    const { file } = options;
    this.#rules = file !== undefined && existsSync(file) ? readRules(file) : {};
  }

  set(bucket: string, rules: readonly NotificationRule[]): void {
    const known = new Set((this.#rules[bucket] ?? []).map((rule) => rule.queueArn));
    const fresh = new Set(rules.map((rule) => rule.queueArn).filter((arn) => !known.has(arn)));
    for (const arn of fresh) this.#options.send(queueName(arn), testEvent(bucket));
    this.#rules = { ...this.#rules, [bucket]: rules };
    this.#save();
  }

  /** True if anybody wants to hear of this object: finding out its size costs a request. */
  concerns(bucket: string, key: string): boolean {
    return this.#matching(bucket, key).length > 0;
  }

  announce(object: CreatedObject): void {
    const event = (rule: NotificationRule): string => objectCreatedEvent(object, rule.id, this.#options.region);
    for (const rule of this.#matching(object.bucket, object.key)) {
      const wanted = rule.event === 's3:ObjectCreated:*' || rule.event === `s3:ObjectCreated:${object.how}`;
      if (wanted) this.#options.send(queueName(rule.queueArn), event(rule));
    }
  }

  #matching(bucket: string, key: string): readonly NotificationRule[] {
    const rules = this.#rules[bucket] ?? [];
    return rules.filter((rule) => key.startsWith(rule.prefix) && key.endsWith(rule.suffix));
  }

  /** By rename, so that a killed process leaves the old rules or the new ones. */
  #save(): void {
    const { file } = this.#options;
    if (file === undefined) return;
    writeFileSync(`${file}.new`, JSON.stringify(this.#rules));
    renameSync(`${file}.new`, file);
  }
}

/** Of a damaged file the deployment, which comes before the first upload, writes another one. */
function readRules(file: string): Rules {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Rules;
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

const queueName = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);
