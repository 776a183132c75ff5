import type { DeployedSchedule, DeployedStack } from '../model.ts';
import type { InvocationResult } from '../runtime/invocation.ts';
import { toScheduledEvent, type ScheduledEvent } from './scheduled-event.ts';

export interface FunctionScheduleOptions {
  readonly schedule: DeployedSchedule;
  readonly stack: Pick<DeployedStack, 'region' | 'accountId'>;
  readonly invoke: (event: ScheduledEvent) => Promise<InvocationResult>;
  readonly onError: (message: string) => void;
}

/**
 * EventBridge Scheduler for one function. It also calls the function once at the start: a user who starts the machine
 * again wants unfinished work to continue at once, not in a minute. A call that is due while the function is running is
 * skipped.
 */
export class FunctionSchedule {
  readonly #options: FunctionScheduleOptions;
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | undefined;

  constructor(options: FunctionScheduleOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#runUnlessRunning(), options.schedule.intervalSeconds * 1000);
    this.#runUnlessRunning();
  }

  async drain(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  #runUnlessRunning(): void {
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  async #run(): Promise<void> {
    const { schedule, stack, invoke, onError } = this.#options;
    const result = await invoke(toScheduledEvent(schedule, stack));
    if ('error' in result) {
      const { type, message } = result.error;
      onError(`${schedule.logicalId}: ${schedule.functionLogicalId} failed: ${type}: ${message}`);
    }
  }
}
