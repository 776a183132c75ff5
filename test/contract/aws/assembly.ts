import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Assembly extends AsyncDisposable {
  /** The folder, as `cdk synth` writes it. */
  readonly folder: string;
}

/** Synthesizes the stack of the facts in a process of its own, because loading the CDK takes long. */
export async function synthesize(stackName: string): Promise<Assembly> {
  const folder = await mkdtemp(join(tmpdir(), 'aws-facts-'));
  const env = { ...process.env, CDK_OUTDIR: folder, FACTS_STACK: stackName };
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'app.ts')], { env });
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
