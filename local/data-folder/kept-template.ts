import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readTemplate } from '../deploy/template.ts';

const RECORD = 'template.json';

/** Per type that keeps data, the properties that can't be changed once the data is there. */
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

/** The data folder belongs to another template; its message is one sentence for the person at the terminal. */
export class DataFolderMismatch extends Error {
  override readonly name = 'DataFolderMismatch';
}

/**
 * Makes sure that the data folder is of this template, and notes it there. What the template says about behaviour may
 * change (code, timeouts, filters, further resources); what holds data has to be the same.
 */
export async function claimDataFolder(dataDir: string, template: object): Promise<void> {
  const wanted = templateShapes(template);
  await mkdir(dataDir, { recursive: true });
  const file = join(dataDir, RECORD);
  const changed = Object.entries(await recordedShapes(file)).find(([logicalId, shape]) => wanted[logicalId] !== shape);
  if (changed) {
    const how = changed[0] in wanted ? 'is another one' : 'is missing';
    throw new DataFolderMismatch(
      `The data folder ${dataDir} was made from another template: ${changed[0]} ${how} in this one; ` +
        'start with --fresh to begin anew, or choose another folder with --data-dir.',
    );
  }
  await writeFile(`${file}.new`, JSON.stringify(wanted, null, 2));
  await rename(`${file}.new`, file);
}

/** What the template says about its data, by logical id. */
export function templateShapes(template: object): Shapes {
  const shapes = Object.entries(readTemplate(template).Resources).flatMap(([logicalId, { Type, Properties = {} }]) => {
    const names = SHAPES[Type];
    return names ? [[logicalId, JSON.stringify([Type, ...names.map((name) => Properties[name] ?? null)])]] : [];
  });
  return Object.fromEntries(shapes) as Shapes;
}

async function recordedShapes(file: string): Promise<Shapes> {
  if (!existsSync(file)) return {};
  const text = await readFile(file, 'utf8');
  try {
    return JSON.parse(text) as Shapes;
  } catch (error) {
    throw new DataFolderMismatch(
      `The file ${file}, which says what the data folder was made from, is damaged. ` +
        'Restore the data folder from a copy, or begin anew with --fresh.',
      { cause: error },
    );
  }
}
