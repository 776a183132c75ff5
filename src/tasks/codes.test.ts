import { describe, expect, it } from '@jest/globals';
import { listCodes } from '../contract/index.ts';
import { ITEM_FAILURE_CODES, JOB_FAILURE_CODES } from '../engine/index.ts';

// The engine knows no contract: this holds its codes against the catalogue.
describe('the catalogue of codes', () => {
  it('has for files the codes with which the engine fails a job', () => {
    expect(listCodes('file').toSorted()).toEqual(JOB_FAILURE_CODES.toSorted());
  });

  it('has for redrives codes of files alone', () => {
    expect(listCodes('file')).toEqual(expect.arrayContaining([...listCodes('redrive')]));
  });

  it('has for rows the codes with which the engine fails an item', () => {
    expect(listCodes('row')).toEqual(expect.arrayContaining([...ITEM_FAILURE_CODES]));
  });
});
