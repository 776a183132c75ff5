import { startEmulators } from '../../local/emulators/emulators.ts';

/** A process to be killed: emulators on the data folder of the first argument, their endpoints on standard output. */
const { endpoints, region } = await startEmulators({ dataDir: process.argv[2] });
console.log(JSON.stringify({ endpoints, region }));
