// Bundles every Lambda function into dist/functions/NAME/index.mjs with one esbuild call.
import { readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const outdir = join(root, 'dist', 'functions');

const entryPoints = {};
for (const kind of ['http', 'queue', 'schedule']) {
  const folder = join(root, 'src', 'functions', kind);
  for (const file of await readdir(folder).catch(() => [])) {
    if (file.endsWith('.ts') && !file.endsWith('.test.ts'))
      entryPoints[`${basename(file, '.ts')}/index`] = join(folder, file);
  }
}

await rm(outdir, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints,
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  minify: true,
  keepNames: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  metafile: true,
  logLevel: 'warning',
});
await writeFile(join(root, 'dist', 'metafile.json'), JSON.stringify(metafile));
console.log(`Bundled ${Object.keys(entryPoints).length} functions into dist/functions`);
