import { ACCOUNT_ID } from '../account.ts';
import type { Emulators } from '../emulators/emulators.ts';
import type { DeployedStack } from '../model.ts';
import { readAssets } from './resources/assets.ts';
import { openClients } from './resources/clients.ts';
import { Deployment } from './deployment.ts';
import { principalsOf, refuseUnmetNeeds } from './principals.ts';
import { expectKeptTables, keepTables } from './kept-tables.ts';
import { emptyParts } from './resources/stack-parts.ts';
import { readTemplate } from './template.ts';

export interface DeployOptions {
  /** The parsed `*.template.json`. */
  readonly template: object;
  /** The folder of `cdk synth`, which holds the assets. */
  readonly assemblyFolder: string;
  readonly emulators: Emulators;
  readonly stackName?: string;
  /** Where the emulators keep their state, if they do. */
  readonly dataDir?: string | undefined;
  /** Where the HTTP API will answer, for `Fn::GetAtt` of `ApiEndpoint`; by default the address it would have on AWS. */
  readonly apiEndpoint?: string;
}

/**
 * Brings a synthesized stack to life on the emulators. What is there already, from an earlier deployment into the same
 * data folder, is kept and its attributes are brought up to date.
 */
export async function deploy(options: DeployOptions): Promise<DeployedStack> {
  const { emulators, stackName = 'local', apiEndpoint, dataDir } = options;
  const { endpoints, region } = emulators;
  const template = readTemplate(options.template);
  const assets = await readAssets(options.assemblyFolder);
  const parts = emptyParts();
  using clients = openClients(endpoints, region);
  if (dataDir !== undefined) await expectKeptTables(dataDir, clients.dynamodb);
  const context = { emulators, clients, assets, parts, region, accountId: ACCOUNT_ID, apiEndpoint };
  const deployment = new Deployment(template, stackName, context);
  await deployment.realiseAll();
  refuseUnmetNeeds(parts);
  await emulators.gate.enforce(principalsOf(parts, ACCOUNT_ID));
  if (dataDir !== undefined) await keepTables(dataDir, clients.dynamodb);
  const { functions, mappings, routes, schedules } = parts;
  const [cors] = parts.cors;
  const outputs = await deployment.outputs();
  return { region, accountId: ACCOUNT_ID, endpoints, functions, mappings, routes, cors, schedules, outputs };
}
