export { Dice } from './dice.ts';
export { NO_FAULTS, runHistory, type Faults } from './history.ts';
export { World, PREFIX, TENANT } from './world.ts';
