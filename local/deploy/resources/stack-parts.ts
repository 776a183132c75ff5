import type { Permission } from '../../iam/guard.ts';
import type { Statement } from '../../iam/policy-document.ts';
import type { DeployedCors, DeployedFunction, DeployedMapping, DeployedRoute, DeployedSchedule } from '../../model.ts';

export interface RolePart {
  readonly name: string;
  /** Of all its policies. */
  readonly statements: Statement[];
}

/** A permission without which AWS does not create a resource, or lets it do nothing. */
export interface Need extends Permission {
  /** Logical id of the resource. */
  readonly of: string;
  readonly roleArn: string;
}

/** What grows into the deployed stack while resources are realised. */
export interface StackParts {
  readonly functions: Map<string, DeployedFunction>;
  readonly mappings: DeployedMapping[];
  readonly routes: DeployedRoute[];
  /** Of the HTTP API, if it has one. */
  readonly cors: DeployedCors[];
  readonly schedules: DeployedSchedule[];
  /** By ARN. */
  readonly roles: Map<string, RolePart>;
  /** ARN of a function's role by the function's logical id. */
  readonly functionRoles: Map<string, string>;
  readonly needs: Need[];
  /** Queue URL by ARN. */
  readonly queueUrls: Map<string, string>;
  /** Logical id of the function by the `Ref` of the integration that calls it. */
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
