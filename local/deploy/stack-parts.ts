import type { DeployedFunction, DeployedMapping, DeployedRoute, DeployedSchedule } from '../model.ts';

/** What grows into the deployed stack while resources are realised. */
export interface StackParts {
  readonly functions: Map<string, DeployedFunction>;
  readonly mappings: DeployedMapping[];
  readonly routes: DeployedRoute[];
  readonly schedules: DeployedSchedule[];
  /** Queue URL by ARN. */
  readonly queueUrls: Map<string, string>;
  /** Logical id of the function by the `Ref` of the integration that calls it. */
  readonly integrations: Map<string, string>;
}

export const emptyParts = (): StackParts => ({
  functions: new Map(),
  mappings: [],
  routes: [],
  schedules: [],
  queueUrls: new Map(),
  integrations: new Map(),
});
