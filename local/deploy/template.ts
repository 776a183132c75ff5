/** A CloudFormation template as `cdk synth` writes it. Its values may contain intrinsic functions anywhere. */
export interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Condition?: string }>>;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
}

/** The sections that the local cloud reads or may ignore; `Rules` only checks the CDK bootstrap stack. */
const SECTIONS = new Set([
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Rules',
  'Conditions',
  'Resources',
  'Outputs',
]);

export function readTemplate(template: object): Template {
  const unknown = Object.keys(template).find((section) => !SECTIONS.has(section));
  if (unknown !== undefined) {
    throw new Error(`The template has a section ${unknown}. The local cloud reads ${[...SECTIONS].join(', ')}.`);
  }
  if (!isRecord(template)) throw new Error('The template is not a JSON object.');
  if (!isRecord(template['Resources'])) {
    throw new Error('The template has no Resources. Give the parsed *.template.json of cdk.out.');
  }
  return template as unknown as Template;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
