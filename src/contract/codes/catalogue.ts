import { responseCodes } from './response-codes.ts';
import type { CodeEntry, CodeLocation } from './code.ts';
import { fileCodes } from './file-codes.ts';
import { requestCodes } from './request-codes.ts';
import { rowCodes } from './row-codes.ts';

/**
 * The catalogue has every code that a caller can meet, each once. `npm run docs` writes the tables of docs/api.md from
 * it. The functions import only its types, so no bundle contains its prose.
 */
export const codes = { ...requestCodes, ...rowCodes, ...fileCodes, ...responseCodes };
export type Code = keyof typeof codes;

/** The codes of one location. */
export type CodeIn<P extends CodeLocation> = {
  [C in Code]: P extends (typeof codes)[C]['in'][number] ? C : never;
}[Code];

export type RowCode = CodeIn<'row'>;
export type FileCode = CodeIn<'file'>;
export type RedriveCode = CodeIn<'redrive'>;

export const listCodes = <P extends CodeLocation>(location: P): readonly CodeIn<P>[] =>
  Object.entries<CodeEntry>(codes).flatMap(([code, entry]) => (entry.in.includes(location) ? [code as CodeIn<P>] : []));
