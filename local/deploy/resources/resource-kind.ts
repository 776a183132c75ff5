import type { Clients } from './clients.ts';
import type { Emulators } from '../../emulators/emulators.ts';
import type { Assets } from './assets.ts';
import type { StackParts } from './stack-parts.ts';

/** A resource of the template: its supported properties, with all references resolved. */
export interface Resource {
  readonly logicalId: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What other resources can refer to: `Ref`, and attributes by name for `Fn::GetAtt`. */
export interface DeployedResource {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** One resource type: which properties it supports, which it ignores, and how it is deployed. */
export interface ResourceKind {
  readonly supports: readonly string[];
  /**
   * The properties without effect on this machine, each with the reason. A property inside a supported one is written
   * as `Target.RoleArn`.
   */
  readonly ignores: Readonly<Record<string, string>>;
  readonly deploy: (resource: Resource, context: DeployContext) => Promise<DeployedResource>;
}

export interface DeployContext {
  readonly emulators: Emulators;
  readonly clients: Clients;
  readonly assets: Assets;
  readonly parts: StackParts;
  readonly region: string;
  readonly accountId: string;
  readonly apiEndpoint: string | undefined;
}

export const TAGS = { Tags: 'tags have no effect here' } as const;
