import { describe, expect, it } from '@jest/globals';
import { listCodes } from '../contract/index.ts';
import { ITEM_FAILURE_CODES, JOB_FAILURE_CODES } from '../engine/index.ts';

// The engine may not import the contract, so this compares its codes with the catalogue.
describe('the catalogue of codes', () => {
  it('has for files exactly the codes with which the engine fails a job', () => {
    expect(listCodes('file').toSorted()).toEqual(JOB_FAILURE_CODES.toSorted());
  });

  it('has for redrives only codes of files', () => {
    expect(listCodes('file')).toEqual(expect.arrayContaining([...listCodes('redrive')]));
  });

  it('has for rows all codes with which the engine fails an item', () => {
    expect(listCodes('row')).toEqual(expect.arrayContaining([...ITEM_FAILURE_CODES]));
  });
});
