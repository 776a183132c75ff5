/** How late a message may be that becomes visible again by time. */
const LOOK_EVERY_MS = 100;

interface Queue {
  pollTimer: NodeJS.Timeout | undefined;
  processTimers: (this: Queue) => void;
  startPollTimerIfNeeded: (this: Queue) => void;
}

/**
 * Lets a queue whose receiver waits look ten times a second for messages that time has made visible, not fifty times:
 * the mappings wait on every queue, and a service that has nothing to do would not let the machine rest.
 */
export async function calmQueues(): Promise<void> {
  const { SqsQueue } = (await import(new URL('sqs/sqsStore.js', import.meta.resolve('fauxqs')).href)) as {
    SqsQueue: { readonly prototype: Queue };
  };
  SqsQueue.prototype.startPollTimerIfNeeded = function startPollTimerIfNeeded(this: Queue) {
    this.pollTimer ??= setInterval(() => this.processTimers(), LOOK_EVERY_MS);
  };
}
