import { NO_VALUE, resolve, type Scope } from './intrinsics.ts';
import { NO_EFFECT } from './no-effect.ts';
import { supportedProperties } from './supported-properties.ts';
import type { DeployContext, DeployedResource } from './resources/resource-kind.ts';
import { RESOURCE_KINDS } from './resources/index.ts';
import type { Template, TemplateResource } from './template.ts';

/**
 * One pass over a template. It deploys a resource when another resource first refers to it, so the references determine
 * the order. A reference to a resource that is being deployed closes a cycle.
 */
export class Deployment {
  readonly #template: Template;
  readonly #stackName: string;
  readonly #context: DeployContext;
  readonly #deployed = new Map<string, DeployedResource>();
  readonly #path: string[] = [];
  readonly #scope: Scope = {
    ref: (name) => this.#ref(name),
    attribute: (logicalId, name) => this.#attribute(logicalId, name),
    condition: (name) => this.#condition(name),
  };

  constructor(template: Template, stackName: string, context: DeployContext) {
    this.#template = template;
    this.#stackName = stackName;
    this.#context = context;
  }

  async deployAll(): Promise<void> {
    for (const [logicalId, resource] of Object.entries(this.#template.Resources)) {
      if (await this.#isWanted(resource)) await this.#deploy(logicalId);
    }
  }

  async outputs(): Promise<Readonly<Record<string, string>>> {
    const outputs: Record<string, string> = {};
    for (const [name, output] of Object.entries(this.#template.Outputs ?? {})) {
      if (output.Condition !== undefined && !(await this.#condition(output.Condition))) continue;
      outputs[name] = String(await resolve(output.Value, this.#scope));
    }
    return outputs;
  }

  async #isWanted({ Type, Condition }: TemplateResource): Promise<boolean> {
    return !(Type in NO_EFFECT) && (Condition === undefined || (await this.#condition(Condition)));
  }

  async #deploy(logicalId: string): Promise<DeployedResource> {
    const known = this.#deployed.get(logicalId);
    if (known) return known;
    if (this.#path.includes(logicalId)) {
      throw new Error(`The template has a circular reference: ${[...this.#path, logicalId].join(' → ')}.`);
    }
    this.#path.push(logicalId);
    const deployed = await this.#create(logicalId);
    this.#path.pop();
    this.#deployed.set(logicalId, deployed);
    return deployed;
  }

  async #create(logicalId: string): Promise<DeployedResource> {
    const resource = this.#find(logicalId);
    const kind = RESOURCE_KINDS[resource.Type];
    if (!kind) {
      const known = Object.keys({ ...RESOURCE_KINDS, ...NO_EFFECT }).join(', ');
      throw new Error(`The local cloud does not support ${resource.Type} (${logicalId}). It supports ${known}.`);
    }
    for (const before of [resource.DependsOn ?? []].flat()) {
      if (await this.#isWanted(this.#find(before))) await this.#deploy(before);
    }
    const properties = (await resolve(supportedProperties(logicalId, resource, kind), this.#scope)) as Record<
      string,
      unknown
    >;
    return await kind.deploy({ logicalId, properties }, this.#context);
  }

  #find(logicalId: string): TemplateResource {
    const resource = this.#template.Resources[logicalId];
    if (resource) return resource;
    throw new Error(`The template refers to ${logicalId}, which is neither a resource nor a parameter.`);
  }

  async #ref(name: string): Promise<unknown> {
    if (name.startsWith('AWS::')) return this.#pseudoParameter(name);
    const parameter = this.#template.Parameters?.[name];
    if (!parameter) return (await this.#deployReferenced(name)).ref;
    if (parameter.Default !== undefined) return parameter.Default;
    throw new Error(
      `The parameter ${name} has no default, and the local cloud takes no parameter values. Give it a default.`,
    );
  }

  async #attribute(logicalId: string, name: string): Promise<string> {
    const { attributes } = await this.#deployReferenced(logicalId);
    const value = attributes[name];
    if (value !== undefined) return value;
    const known = Object.keys(attributes).join(', ') || 'none';
    throw new Error(`${logicalId} has no attribute ${name} in the local cloud. It has ${known}.`);
  }

  async #deployReferenced(logicalId: string): Promise<DeployedResource> {
    const { Type } = this.#find(logicalId);
    const reason = NO_EFFECT[Type];
    if (reason === undefined) return await this.#deploy(logicalId);
    throw new Error(
      `${this.#path.at(-1) ?? 'An output'} refers to ${logicalId}, but the local cloud creates no ${Type}: ${reason}.`,
    );
  }

  #pseudoParameter(name: string): unknown {
    const { region, accountId } = this.#context;
    const values: Readonly<Record<string, unknown>> = {
      'AWS::AccountId': accountId,
      'AWS::Region': region,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': this.#stackName,
      'AWS::StackId': `arn:aws:cloudformation:${region}:${accountId}:stack/${this.#stackName}/local`,
      'AWS::NoValue': NO_VALUE,
    };
    if (name in values) return values[name];
    throw new Error(`The local cloud does not support ${name}. It supports ${Object.keys(values).join(', ')}.`);
  }

  async #condition(name: string): Promise<boolean> {
    const condition = this.#template.Conditions?.[name];
    if (condition === undefined) throw new Error(`The template has no condition ${name}.`);
    return Boolean(await resolve(condition, this.#scope));
  }
}
