import * as z from 'zod';
import { environment } from '../src/contract/environment.ts';
import { explainIssue } from '../src/contract/refusals.ts';
import { MAPPINGS } from './constants.ts';
import { STAGE_NAMES } from './stages.ts';

/** A tag takes only what IAM takes, which is the strictest service: one refused tag rolls back the whole deployment. */
const tagValue = z
  .string()
  .trim()
  .min(1)
  .max(256)
  .regex(/^[\p{L}\p{N} _.:/=+@-]*$/u, 'AWS takes letters, digits, spaces and _ . : / = + - @ in tags')
  .regex(/^(?!aws:)/i, 'AWS keeps values that begin with aws: to itself');

/** Browsers send an origin in this form, and API Gateway and S3 take no other. */
const isOrigin = (text: string): boolean =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;

const origins = z
  .string()
  .transform((text) => text.split(',').map((origin) => origin.trim()))
  .pipe(
    z.array(
      z
        .string()
        .refine(isOrigin, 'use exact origins, such as https://tasks.example.com, separated by commas; * is refused'),
    ),
  );

/** Lambda takes this concurrency for an event source mapping of a queue. */
const mappingConcurrency = z.coerce.number().int().min(2).max(1_000);

/** The environment variables of a deployment; `.env.example` explains each. */
const config = z.object({
  CDK_ENV: z.enum(STAGE_NAMES).default('dev'),
  CDK_APP_NAME: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,38}[a-z0-9]$/, 'use 2 to 40 lower-case letters, digits and hyphens')
    .default('fan-out-fan-in'),
  CDK_ACCOUNT: z
    .string()
    .regex(/^\d{12}$/, 'an AWS account id has 12 digits')
    .optional(),
  CDK_REGION: z
    .string()
    .regex(/^[a-z]{2,}(-[a-z]+)+-\d$/, 'use a region such as eu-central-1')
    .optional(),
  CDK_OWNER: tagValue.default('unknown'),
  CDK_OU: tagValue.default('unknown'),
  CDK_CORS_ALLOW_ORIGIN: origins.default([]),
  CDK_ALARM_EMAIL: z.email('use an e-mail address, such as ops@example.com').optional(),
  CDK_ALARM_TOPIC_ARN: z
    .string()
    .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, 'use the ARN of a standard SNS topic')
    .optional(),
  CDK_SWEEP: z.enum(['on', 'off']).default('on'),
  CDK_UPLOAD_TASK_CONCURRENCY: mappingConcurrency.default(MAPPINGS.taskUpload.maxConcurrency),
  CDK_CREATE_TASK_CONCURRENCY: mappingConcurrency.default(MAPPINGS.createTask.maxConcurrency),
  ROWS_PER_MESSAGE: environment.ROWS_PER_MESSAGE,
  TOLERATED_FAILURE_PERCENTAGE: environment.TOLERATED_FAILURE_PERCENTAGE,
  TOLERATED_FAILURE_COUNT: environment.TOLERATED_FAILURE_COUNT,
});
export type Config = z.infer<typeof config>;

/** Drops empty variables: in a copied `.env.example` they mean that nothing is set. */
const dropEmpty = (variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(variables).filter(([, value]) => value?.trim() !== ''));

/** @throws Error that names every variable with a wrong value */
export function readConfig(variables: NodeJS.ProcessEnv): Config {
  const given = dropEmpty(variables);
  const result = config.safeParse(given, { error: explainIssue });
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ path, message }) => {
    const name = String(path[0]);
    return `  ${name}="${given[name] ?? ''}": ${message}`;
  });
  throw new Error(`The deployment is configured wrongly (.env.example explains each variable):\n${lines.join('\n')}`);
}
