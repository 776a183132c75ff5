import { ACCOUNT_ID } from '../account.ts';
import type { Emulators } from '../emulators/emulators.ts';
import type { DeployedStack } from '../model.ts';
import { readAssets } from './resources/assets.ts';
import { openClients } from './resources/clients.ts';
import { Deployment } from './deployment.ts';
import { toPrincipals, checkNeeds } from './principals.ts';
import { checkKeptTables, recordTables } from './kept-tables.ts';
import { emptyParts } from './resources/stack-parts.ts';
import { readTemplate } from './template.ts';

export interface DeployOptions {
  /** The parsed `*.template.json`. */
  readonly template: object;
  /** The output folder of `cdk synth`, which holds the assets. */
  readonly assemblyFolder: string;
  readonly emulators: Emulators;
  readonly stackName?: string;
  /** The folder in which the emulators keep their state, if they do. */
  readonly dataDir?: string | undefined;
  /**
   * The address of the HTTP API, for `Fn::GetAtt` of `ApiEndpoint`. By default it is the address that the API would
   * have on AWS.
   */
  readonly apiEndpoint?: string;
}

/**
 * Deploys a synthesized stack to the emulators. It keeps the resources of an earlier deployment into the same data
 * folder and updates their attributes.
 */
export async function deploy(options: DeployOptions): Promise<DeployedStack> {
  const { emulators, stackName = 'local', apiEndpoint, dataDir } = options;
  const { endpoints, region } = emulators;
  const template = readTemplate(options.template);
  const assets = await readAssets(options.assemblyFolder);
  const parts = emptyParts();
  using clients = openClients(endpoints, region);
  if (dataDir !== undefined) await checkKeptTables(dataDir, clients.dynamodb);
  const context = { emulators, clients, assets, parts, region, accountId: ACCOUNT_ID, apiEndpoint };
  const deployment = new Deployment(template, stackName, context);
  await deployment.deployAll();
  checkNeeds(parts);
  await emulators.gate.enforce(toPrincipals(parts, ACCOUNT_ID));
  if (dataDir !== undefined) await recordTables(dataDir, clients.dynamodb);
  const { functions, mappings, routes, schedules } = parts;
  const [cors] = parts.cors;
  const outputs = await deployment.outputs();
  return { region, accountId: ACCOUNT_ID, endpoints, functions, mappings, routes, cors, schedules, outputs };
}
