/** How late a message may become visible when its timeout ends. */
const POLL_EVERY_MS = 100;

interface Queue {
  pollTimer: NodeJS.Timeout | undefined;
  processTimers: (this: Queue) => void;
  startPollTimerIfNeeded: (this: Queue) => void;
}

/**
 * Makes a queue with a waiting receiver check for visible messages ten times a second instead of fifty. The mappings
 * wait on every queue, so an idle service would keep the machine busy.
 */
export async function slowQueuePolling(): Promise<void> {
  const { SqsQueue } = (await import(new URL('sqs/sqsStore.js', import.meta.resolve('fauxqs')).href)) as {
    SqsQueue: { readonly prototype: Queue };
  };
  SqsQueue.prototype.startPollTimerIfNeeded = function startPollTimerIfNeeded(this: Queue) {
    this.pollTimer ??= setInterval(() => this.processTimers(), POLL_EVERY_MS);
  };
}
