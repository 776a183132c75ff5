import { NO_VALUE, resolve, type Scope } from './intrinsics.ts';
import { NO_EFFECT } from './no-effect.ts';
import { ownProperties } from './own-properties.ts';
import type { DeployContext, Realised } from './resources/resource-kind.ts';
import { RESOURCE_KINDS } from './resources/index.ts';
import type { Template, TemplateResource } from './template.ts';

/**
 * One pass over a template. A resource is realised when it is first referred to, so the order of creation follows from
 * the references; a resource that is referred to while it is being realised closes a cycle.
 */
export class Deployment {
  readonly #template: Template;
  readonly #stackName: string;
  readonly #context: DeployContext;
  readonly #realised = new Map<string, Realised>();
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

  async realiseAll(): Promise<void> {
    for (const [logicalId, resource] of Object.entries(this.#template.Resources)) {
      if (await this.#wanted(resource)) await this.#realise(logicalId);
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

  async #wanted({ Type, Condition }: TemplateResource): Promise<boolean> {
    return !(Type in NO_EFFECT) && (Condition === undefined || (await this.#condition(Condition)));
  }

  async #realise(logicalId: string): Promise<Realised> {
    const known = this.#realised.get(logicalId);
    if (known) return known;
    if (this.#path.includes(logicalId)) {
      throw new Error(`The template refers in a circle: ${[...this.#path, logicalId].join(' → ')}.`);
    }
    this.#path.push(logicalId);
    const realised = await this.#create(logicalId);
    this.#path.pop();
    this.#realised.set(logicalId, realised);
    return realised;
  }

  async #create(logicalId: string): Promise<Realised> {
    const resource = this.#find(logicalId);
    const kind = RESOURCE_KINDS[resource.Type];
    if (!kind) {
      const known = Object.keys({ ...RESOURCE_KINDS, ...NO_EFFECT }).join(', ');
      throw new Error(`The local cloud has no ${resource.Type} (${logicalId}); it has ${known}.`);
    }
    for (const before of [resource.DependsOn ?? []].flat()) {
      if (await this.#wanted(this.#find(before))) await this.#realise(before);
    }
    const properties = (await resolve(ownProperties(logicalId, resource, kind), this.#scope)) as Record<
      string,
      unknown
    >;
    return await kind.realise({ logicalId, properties }, this.#context);
  }

  #find(logicalId: string): TemplateResource {
    const resource = this.#template.Resources[logicalId];
    if (resource) return resource;
    throw new Error(`The template refers to ${logicalId}, which is neither a resource nor a parameter of it.`);
  }

  async #ref(name: string): Promise<unknown> {
    if (name.startsWith('AWS::')) return this.#pseudoParameter(name);
    const parameter = this.#template.Parameters?.[name];
    if (!parameter) return (await this.#realiseReferred(name)).ref;
    if (parameter.Default !== undefined) return parameter.Default;
    throw new Error(`The parameter ${name} has no default, and the local cloud is given no values; give it a default.`);
  }

  async #attribute(logicalId: string, name: string): Promise<string> {
    const { attributes } = await this.#realiseReferred(logicalId);
    const value = attributes[name];
    if (value !== undefined) return value;
    const known = Object.keys(attributes).join(', ') || 'none';
    throw new Error(`${logicalId} has no attribute ${name} in the local cloud; it has ${known}.`);
  }

  async #realiseReferred(logicalId: string): Promise<Realised> {
    const { Type } = this.#find(logicalId);
    const reason = NO_EFFECT[Type];
    if (reason === undefined) return await this.#realise(logicalId);
    throw new Error(
      `${this.#path.at(-1) ?? 'An output'} refers to ${logicalId}; a ${Type} is not made here: ${reason}.`,
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
    throw new Error(`The local cloud does not know ${name}; it knows ${Object.keys(values).join(', ')}.`);
  }

  async #condition(name: string): Promise<boolean> {
    const condition = this.#template.Conditions?.[name];
    if (condition === undefined) throw new Error(`The template has no condition ${name}.`);
    return Boolean(await resolve(condition, this.#scope));
  }
}
