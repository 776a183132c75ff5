import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Contents } from '../../../src/engine/index.ts';

/** The properties of a store of contents that the domain relies on. */
export const contentsContract = (name: string, open: () => Promise<Contents>): void =>
  describe(`${name} keeps the contract of Contents`, () => {
    let contents: Contents;
    beforeAll(async () => {
      contents = await open();
    });

    it('remembers which file of a tenant had the same content last', async () => {
      const [tenant, digest] = [randomUUID(), randomUUID()];
      expect(await contents.note(tenant, digest, 'first')).toBeUndefined();
      expect(await contents.note(tenant, digest, 'second')).toBe('first');
      expect(await contents.note(tenant, digest, 'second')).toBe('second');
      expect(await contents.note(tenant, randomUUID(), 'third')).toBeUndefined();
      expect(await contents.note(randomUUID(), digest, 'third')).toBeUndefined();
    });
  });
