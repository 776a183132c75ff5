import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../src/engine/index.ts';
import { aCut } from '../../kit/factories.ts';
import { fullOutcomeOf, type FullOutcome } from '../outcome.ts';
import { expected, type Expected } from './expected.ts';
import { open } from './open.ts';

const FOLDER = join(import.meta.dirname, 'files');

const nameOf = ({ file, options }: Expected): string =>
  [file, ...Object.entries(options ?? {}).map(([name, value]) => `${name}=${String(value)}`)].join(' ');

/** Processes a file with the options of its upload. */
function outcomeOf({ file, options }: Expected): Promise<FullOutcome> {
  const changes: Partial<Job> = { cut: aCut(), ...(options && { options }) };
  return fullOutcomeOf(readFileSync(join(FOLDER, file)), changes);
}

async function check(reading: Expected): Promise<void> {
  const outcome = await outcomeOf(reading);
  if (reading.only) expectOnly(reading.only, outcome);
  else expect(outcome).toEqual(outcomeExpected(reading));
}

function outcomeExpected({ failed: code, format, rows = {} }: Expected): FullOutcome {
  const entries = Object.entries(rows);
  const tasks = entries.flatMap(([row, one]) => (typeof one === 'string' ? [] : [[row, one]]));
  const failures = entries.flatMap(([row, one]) => (typeof one === 'string' ? [`${row} ${one}`] : []));
  return {
    ...(code !== undefined && { failed: code }),
    ...(format !== undefined && { format }),
    ...(tasks.length > 0 && { tasks: Object.fromEntries(tasks) }),
    ...(failures.length > 0 && { failures }),
  };
}

function expectOnly(
  rows: NonNullable<Expected['only']>,
  { tasks = {}, failed: code, failures = [] }: FullOutcome,
): void {
  expect(Object.values(tasks).filter((task) => !Object.values(rows).some((row) => sameAs(row, task)))).toEqual([]);
  // A row that is missing has a failure, or the file has one.
  expect(code !== undefined || failures.length > 0 || Object.keys(tasks).length >= Object.keys(rows).length).toBe(true);
}

const sameAs = (row: unknown, task: unknown): boolean => JSON.stringify(row) === JSON.stringify(task);

describe('the files that programs write', () => {
  it('all have an expectation', () => {
    expect([...new Set(expected.map(({ file }) => file))].toSorted()).toEqual(readdirSync(FOLDER).toSorted());
  });

  it('are named correctly in the list of open readings', () => {
    expect(open.filter((name) => !expected.some((reading) => nameOf(reading) === name))).toEqual([]);
  });

  const readings = expected.map((reading) => [nameOf(reading), reading] as const);

  it.each(readings.filter(([name]) => !open.includes(name)))('%s', async (_, reading) => check(reading));

  const isOpen = readings.filter(([name]) => open.includes(name));
  if (isOpen.length > 0) {
    it.each(isOpen)('%s is open: if this test fails, remove it from the list', async (_, reading) => {
      await expect(check(reading)).rejects.toThrow();
    });
  }
});
