import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readTemplate } from '../deploy/template.ts';

const RECORD = 'template.json';

/** For each resource type that keeps data, the properties that cannot change once it holds data. */
const SHAPES: Readonly<Record<string, readonly string[]>> = {
  'AWS::S3::Bucket': ['BucketName'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
  'AWS::SNS::Topic': ['TopicName', 'FifoTopic'],
  'AWS::DynamoDB::Table': [
    'TableName',
    'KeySchema',
    'AttributeDefinitions',
    'GlobalSecondaryIndexes',
    'LocalSecondaryIndexes',
  ],
};

type Shapes = Readonly<Record<string, string>>;

/** The data folder was made from another template. The message is one sentence for the user at the terminal. */
export class DataFolderMismatch extends Error {
  override readonly name = 'DataFolderMismatch';
}

/**
 * Checks that the data folder was made from this template, and records the template in a new folder. The template may
 * change what functions do (code, timeouts, filters, more resources), but not the resources that hold data.
 */
export async function checkTemplate(dataDir: string, template: object): Promise<void> {
  const current = toShapes(template);
  await mkdir(dataDir, { recursive: true });
  const file = join(dataDir, RECORD);
  const changed = Object.entries(await readShapes(file)).find(([logicalId, shape]) => current[logicalId] !== shape);
  if (changed) {
    const how = changed[0] in current ? 'differs' : 'is missing';
    throw new DataFolderMismatch(
      `The data folder ${dataDir} was made from another template: ${changed[0]} ${how} in this one. ` +
        'Start with --fresh to empty the folder, or choose another folder with --data-dir.',
    );
  }
  await writeFile(`${file}.new`, JSON.stringify(current, null, 2));
  await rename(`${file}.new`, file);
}

/** Returns the unchangeable properties of each resource that holds data, by logical id. */
export function toShapes(template: object): Shapes {
  const shapes = Object.entries(readTemplate(template).Resources).flatMap(([logicalId, { Type, Properties = {} }]) => {
    const names = SHAPES[Type];
    return names ? [[logicalId, JSON.stringify([Type, ...names.map((name) => Properties[name] ?? null)])]] : [];
  });
  return Object.fromEntries(shapes) as Shapes;
}

async function readShapes(file: string): Promise<Shapes> {
  if (!existsSync(file)) return {};
  const text = await readFile(file, 'utf8');
  try {
    return JSON.parse(text) as Shapes;
  } catch (error) {
    throw new DataFolderMismatch(
      `The file ${file}, which records the template of the data folder, is damaged. ` +
        'Restore the data folder from a copy, or start with --fresh to empty it.',
      { cause: error },
    );
  }
}
