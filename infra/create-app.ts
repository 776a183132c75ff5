import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Tags } from 'aws-cdk-lib';
import { ASSET_RESOURCE_METADATA_ENABLED_CONTEXT, PATH_METADATA_ENABLE_CONTEXT } from 'aws-cdk-lib/cx-api';
import * as z from 'zod';
import { checkRules } from './nag.ts';
import type { Config } from './config.ts';
import { TaskServiceStack } from './stack.ts';
import { stages } from './stages.ts';

export interface TaskServiceAppProps {
  readonly config: Config;
  readonly functionsFolder: string;
  /** Where the synthesized app is written. */
  readonly outdir: string;
  /** Whether CloudFormation's own rules and cdk-nag check the template. */
  readonly checked: boolean;
}

/** Creates the CDK app: the Task Service of one stage, with its tags. */
export function createTaskServiceApp({ config, functionsFolder, outdir, checked }: TaskServiceAppProps) {
  const { CDK_APP_NAME, CDK_ENV, CDK_ACCOUNT, CDK_REGION, CDK_OU, CDK_OWNER } = config;
  const app = new App({
    context: readContext(),
    outdir,
    analyticsReporting: false,
    builtinCloudFormationValidation: checked,
  });
  const stack = new TaskServiceStack(app, `${CDK_APP_NAME}-${CDK_ENV}`, {
    config,
    functionsFolder,
    description: 'Task Service: upload a CSV, process its rows in parallel, count every outcome exactly once',
    env: { ...(CDK_ACCOUNT && { account: CDK_ACCOUNT }), ...(CDK_REGION && { region: CDK_REGION }) },
    terminationProtection: stages[CDK_ENV].deletionProtection,
  });
  for (const [tag, value] of Object.entries({ App: CDK_APP_NAME, Env: CDK_ENV, OU: CDK_OU, Owner: CDK_OWNER })) {
    Tags.of(stack).add(tag, value);
  }
  if (checked) checkRules(app, stack);
  return { app, stack };
}

const cdkJson = z.object({ context: z.record(z.string(), z.unknown()) });

/**
 * Reads the context that the CDK's command line would pass. Without it the feature flags of cdk.json would be off, and
 * the template would differ.
 */
const readContext = (): Record<string, unknown> => ({
  ...cdkJson.parse(JSON.parse(readFileSync(join(import.meta.dirname, '..', 'cdk.json'), 'utf8'))).context,
  [PATH_METADATA_ENABLE_CONTEXT]: true,
  [ASSET_RESOURCE_METADATA_ENABLED_CONTEXT]: true,
});
