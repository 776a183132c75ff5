import { describe, expect, it } from '@jest/globals';
import { codesIn } from '../contract/index.ts';
import { ITEM_FAILURE_CODES, JOB_FAILURE_CODES } from '../engine/index.ts';

// The engine knows no contract: this holds its codes against the catalogue.
describe('the catalogue of codes', () => {
  it('has for files the codes with which the engine fails a job', () => {
    expect(codesIn('file').toSorted()).toEqual(JOB_FAILURE_CODES.toSorted());
  });

  it('has for redrives codes of files alone', () => {
    expect(codesIn('file')).toEqual(expect.arrayContaining([...codesIn('redrive')]));
  });

  it('has for rows the codes with which the engine fails an item', () => {
    expect(codesIn('row')).toEqual(expect.arrayContaining([...ITEM_FAILURE_CODES]));
  });
});
