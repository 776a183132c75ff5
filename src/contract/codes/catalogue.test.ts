import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { problems } from '../problem.ts';
import { warning } from '../task-file.ts';
import { DIFFERENCES } from '../verification.ts';
import { responseCodes } from './response-codes.ts';
import { codes, listCodes } from './catalogue.ts';
import type { CodeEntry } from './code.ts';
import { fileCodes } from './file-codes.ts';
import { requestCodes } from './request-codes.ts';
import { rowCodes } from './row-codes.ts';

const src = join(import.meta.dirname, '..', '..');
const sources = globSync('**/*.ts', { cwd: src })
  .filter((path) => !path.endsWith('.test.ts') && !path.startsWith(join('contract', 'codes')))
  .map((path) => ({ path, text: readFileSync(join(src, path), 'utf8') }));

/** The code that zod gives to issues of its users; no caller sees it. */
const CODES_OF_ZOD = ['custom'];

describe('the catalogue of codes', () => {
  it('has each code once', () => {
    const parts = [requestCodes, rowCodes, fileCodes, responseCodes].flatMap((part) => Object.keys(part));
    expect(parts.toSorted()).toEqual(Object.keys(codes).toSorted());
  });

  it.each(Object.entries<CodeEntry>(codes))('explains %s in sentences', (code, entry) => {
    expect(code).toMatch(/^[A-Z][A-Z0-9_]*$/);
    for (const text of [entry.meaning, entry.cause, entry.wayOut]) expect(text).toMatch(/^[A-Z`].*[.]$/);
  });

  it('has exactly the codes that the schemas of responses accept', () => {
    expect(listCodes('problem').toSorted()).toEqual(Object.keys(problems).toSorted());
    expect(listCodes('warning').toSorted()).toEqual(warning.shape.code.options.toSorted());
    expect(listCodes('finding').toSorted()).toEqual(DIFFERENCES.toSorted());
  });

  it('has every code that the service uses', () => {
    const used = sources.flatMap(({ path, text }) =>
      Array.from(text.matchAll(/\bcode: '(\w+)'/g), ([, code = '']) => ({ path, code })),
    );
    expect(used.length).toBeGreaterThan(10);
    expect(used.filter(({ code }) => !(code in codes) && !CODES_OF_ZOD.includes(code))).toEqual([]);
  });

  it('has no code that the service never uses', () => {
    const others = sources.filter(({ path }) => path !== join('contract', 'problem.ts'));
    const isUsed = (code: string): boolean => others.some(({ text }) => text.includes(`'${code}'`));
    expect(Object.keys(codes).filter((code) => !isUsed(code))).toEqual([]);
  });
});
