import type { DeployedSchedule, DeployedStack } from '../model.ts';
import type { InvocationResult } from '../runtime/invocation.ts';
import { scheduledEvent, type ScheduledEvent } from './scheduled-event.ts';

export interface FunctionScheduleOptions {
  readonly schedule: DeployedSchedule;
  readonly stack: Pick<DeployedStack, 'region' | 'accountId'>;
  readonly invoke: (event: ScheduledEvent) => Promise<InvocationResult>;
  readonly onError: (message: string) => void;
}

/**
 * EventBridge Scheduler for one function, and once at the start besides: who starts a machine again wants to know what
 * was left undone now, not in a minute. A time that comes while the function still runs is passed over.
 */
export class FunctionSchedule {
  readonly #options: FunctionScheduleOptions;
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | undefined;

  constructor(options: FunctionScheduleOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#begin(), options.schedule.intervalSeconds * 1000);
    this.#begin();
  }

  async drain(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  #begin(): void {
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  async #run(): Promise<void> {
    const { schedule, stack, invoke, onError } = this.#options;
    const result = await invoke(scheduledEvent(schedule, stack));
    if ('error' in result) {
      const { type, message } = result.error;
      onError(`${schedule.logicalId}: ${schedule.functionLogicalId} failed: ${type}: ${message}`);
    }
  }
}
