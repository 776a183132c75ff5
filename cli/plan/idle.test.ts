import { expect, it } from '@jest/globals';
import { idle } from './idle.ts';

const quantityOf = (objects: number, why: string): number =>
  idle(objects).lines.find((line) => line.why.includes(why))!.quantity;

it('an idle service pays for polling its queues, regardless of the objects in its bucket', () => {
  // 6 mappings with 5 pollers, each of which asks three times a minute: 90 a minute for 30 days.
  expect(quantityOf(0, 'pollers')).toBe(90 * 60 * 24 * 30);
  expect(idle(0).lines.filter(({ price }) => price.service === 'SQS')).toEqual(
    idle(100_000).lines.filter(({ price }) => price.service === 'SQS'),
  );
});

it('asks for three depths in a sweep while files make no progress, which is in no sum', () => {
  expect(idle(0).depths).toMatchObject({ price: { service: 'SQS' }, quantity: 43_200 * 3 });
  expect(idle(0).lines).not.toContain(idle(0).depths);
});

it('reads the jobs of the objects in one listing, half a unit each, and no more for a larger bucket', () => {
  const readUnits = (objects: number): number => quantityOf(objects, 'listed objects');
  expect(readUnits(0)).toBe(0);
  expect(readUnits(100)).toBe(43_200 * 50);
  expect(readUnits(1_000)).toBe(43_200 * 500);
  expect(readUnits(100_000)).toBe(readUnits(1_000));
  expect(idle(1_000).dollars - idle(0).dollars).toBeCloseTo(2.73, 2);
});

it('asks for a hundred jobs in a call, which makes the sweep longer', () => {
  const seconds = (objects: number): number => quantityOf(objects, 'calls in turn') / 43_200 / 0.5;
  expect(seconds(0)).toBeCloseTo(0.19, 9);
  expect(seconds(101)).toBeCloseTo(0.21, 9);
  expect(seconds(1_000)).toBeCloseTo(0.29, 9);
});
