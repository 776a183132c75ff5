// Brings dist/ and cdk.out/ up to date for the tests, as the local cloud does for itself when it starts.
import { join } from 'node:path';
import { synth } from '../local/synth.ts';

await synth({ root: join(import.meta.dirname, '..'), onStep: (title) => console.error(`${title} ...`) });
