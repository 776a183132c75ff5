import type { Clients } from './clients.ts';
import type { Emulators } from '../../emulators/emulators.ts';
import type { Assets } from './assets.ts';
import type { StackParts } from './stack-parts.ts';

/** A resource of the template, the properties that are realised with all references resolved. */
export interface Resource {
  readonly logicalId: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What other resources can refer to: `Ref`, and `Fn::GetAtt` by name. */
export interface Realised {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** One resource type: how it is brought to life, and what of it has no effect here. */
export interface ResourceKind {
  readonly realises: readonly string[];
  /**
   * Properties without effect on this machine, each with the reason; one in a property that is realised as
   * `Target.RoleArn`.
   */
  readonly ignores: Readonly<Record<string, string>>;
  readonly realise: (resource: Resource, context: DeployContext) => Promise<Realised>;
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

export const TAGS = { Tags: 'nobody bills by tags here' } as const;
