import type { Permission } from '../../iam/guard.ts';
import type { Statement } from '../../iam/policy-document.ts';
import type { DeployedCors, DeployedFunction, DeployedMapping, DeployedRoute, DeployedSchedule } from '../../model.ts';

export interface RolePart {
  readonly name: string;
  /** The statements of all its policies. */
  readonly statements: Statement[];
}

/** A permission without which AWS does not create a resource, or does not let it work. */
export interface Need extends Permission {
  /** The logical id of the resource. */
  readonly of: string;
  readonly roleArn: string;
}

/** The parts of the stack that are deployed so far; together they become the deployed stack. */
export interface StackParts {
  readonly functions: Map<string, DeployedFunction>;
  readonly mappings: DeployedMapping[];
  readonly routes: DeployedRoute[];
  /** The CORS configuration of the HTTP API, if it has one. */
  readonly cors: DeployedCors[];
  readonly schedules: DeployedSchedule[];
  /** The roles by ARN. */
  readonly roles: Map<string, RolePart>;
  /** The ARN of each function's role, by the logical id of the function. */
  readonly functionRoles: Map<string, string>;
  readonly needs: Need[];
  /** The queue URLs by ARN. */
  readonly queueUrls: Map<string, string>;
  /** The logical id of each integration's function, by the `Ref` of the integration. */
  readonly integrations: Map<string, string>;
}

export const emptyParts = (): StackParts => ({
  functions: new Map(),
  mappings: [],
  routes: [],
  cors: [],
  schedules: [],
  roles: new Map(),
  functionRoles: new Map(),
  needs: [],
  queueUrls: new Map(),
  integrations: new Map(),
});
