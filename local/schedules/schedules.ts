import type { DeployedSchedule, DeployedStack } from '../model.ts';
import type { InvocationResult } from '../runtime/invocation.ts';
import { FunctionSchedule } from './function-schedule.ts';

export interface SchedulesOptions {
  readonly onError: (message: string) => void;
}

/** The schedules of a stack, which call their functions. */
export class Schedules {
  readonly #schedules: readonly FunctionSchedule[];

  constructor(
    schedules: readonly DeployedSchedule[],
    stack: Pick<DeployedStack, 'region' | 'accountId'>,
    invoke: (logicalId: string, event: unknown) => Promise<InvocationResult>,
    { onError }: SchedulesOptions,
  ) {
    this.#schedules = schedules.map(
      (schedule) =>
        new FunctionSchedule({
          schedule,
          stack,
          invoke: (event) => invoke(schedule.functionLogicalId, event),
          onError,
        }),
    );
  }

  /** Starts no more invocations. Resolves when the running ones have ended. */
  async drain(): Promise<void> {
    await Promise.all(this.#schedules.map((schedule) => schedule.drain()));
  }
}
