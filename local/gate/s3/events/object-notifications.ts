import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { NotificationRule } from '../../call/gate.ts';
import { type CreatedObject, toObjectEvent, toTestEvent } from './object-event.ts';

export interface ObjectNotificationsOptions {
  readonly region: string;
  /**
   * The file that keeps the rules over a restart, so that a queue gets its test event only once, and an upload before
   * the deployment gets its events.
   */
  readonly file: string | undefined;
  readonly send: (queueName: string, body: string) => unknown;
}

type Rules = Record<string, readonly NotificationRule[]>;

/** Sends events of new objects to queues, as S3 does by a bucket's `NotificationConfiguration`. */
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
    for (const arn of fresh) this.#options.send(toQueueName(arn), toTestEvent(bucket));
    this.#rules = { ...this.#rules, [bucket]: rules };
    this.#save();
  }

  /** Returns true if a rule matches this object. Only then is its size read, which costs a request. */
  hasRuleFor(bucket: string, key: string): boolean {
    return this.#findRules(bucket, key).length > 0;
  }

  announce(object: CreatedObject): void {
    const event = (rule: NotificationRule): string => toObjectEvent(object, rule.id, this.#options.region);
    for (const rule of this.#findRules(object.bucket, object.key)) {
      const wanted = rule.event === 's3:ObjectCreated:*' || rule.event === `s3:ObjectCreated:${object.how}`;
      if (wanted) this.#options.send(toQueueName(rule.queueArn), event(rule));
    }
  }

  #findRules(bucket: string, key: string): readonly NotificationRule[] {
    const rules = this.#rules[bucket] ?? [];
    return rules.filter((rule) => key.startsWith(rule.prefix) && key.endsWith(rule.suffix));
  }

  /** Saves by rename, so that a killed process leaves either the old rules or the new ones. */
  #save(): void {
    const { file } = this.#options;
    if (file === undefined) return;
    writeFileSync(`${file}.new`, JSON.stringify(this.#rules));
    renameSync(`${file}.new`, file);
  }
}

/** Reads the rules. If the file is damaged, the deployment writes it again before the first upload. */
function readRules(file: string): Rules {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Rules;
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

const toQueueName = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);
