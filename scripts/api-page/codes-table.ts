import {
  codes,
  listCodes,
  problems,
  type Code,
  type CodeEntry,
  type CodeLocation,
  type ProblemCode,
} from '../../src/contract/index.ts';
import { toTable } from './table.ts';

const COLUMNS = ['means', 'cause', 'way out'];

const toCells = (code: Code): readonly string[] => {
  const { meaning, cause, wayOut }: CodeEntry = codes[code];
  return [meaning, cause, wayOut];
};

/** Writes the table of the codes of one location, each with its meaning, cause and way out. */
export const writeCodesTable = (location: Exclude<CodeLocation, 'problem'>): string =>
  toTable(
    ['code', ...COLUMNS],
    listCodes(location).map((code) => [`\`${code}\``, ...toCells(code)]),
  );

/** Writes the table of the codes of refused requests, by status. */
export const writeProblemsTable = (): string =>
  toTable(
    ['code', 'status', ...COLUMNS],
    listCodes('problem')
      .toSorted((one, other) => statusOf(one) - statusOf(other))
      .map((code) => [`\`${code}\``, String(statusOf(code)), ...toCells(code)]),
  );

const statusOf = (code: ProblemCode): number => problems[code].status;
