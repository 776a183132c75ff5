import { startEmulators } from '../../local/emulators/emulators.ts';

/**
 * The process that the test kills: runs emulators on the data folder of the first argument and prints their endpoints.
 */
const { endpoints, region } = await startEmulators({ dataDir: process.argv[2] });
console.log(JSON.stringify({ endpoints, region }));
