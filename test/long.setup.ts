// Jest takes a time limit for all projects or per file, not per project. Tests that start emulators, bundle or
// synthesize get this one. It only ends what hangs: each wait in a test has a limit of its own, and says what it waited
// for.
import { jest } from '@jest/globals';
import { timeFactor } from '../local/time-factor.ts';

const MINUTE = 60 * 1_000;
jest.setTimeout(5 * MINUTE * timeFactor());
