// For tests that start nothing but now and then a process.
import { jest } from '@jest/globals';
import { timeFactor } from '../local/time-factor.ts';

jest.setTimeout(20_000 * timeFactor());
