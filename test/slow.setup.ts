// Jest takes a time limit for all projects or per file, not per project. Tests that start emulators, bundle or
// synthesize get this one; unit tests keep Jest's five seconds.
import { jest } from '@jest/globals';

const MINUTE = 60 * 1_000;
jest.setTimeout(3 * MINUTE);
