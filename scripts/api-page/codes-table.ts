import {
  codes,
  listCodes,
  problems,
  type Code,
  type CodeEntry,
  type CodeLocation,
  type ProblemCode,
} from '../../src/contract/index.ts';
import { tableOf } from './table.ts';

const EXPLAINED = ['means', 'cause', 'way out'];

const explained = (code: Code): readonly string[] => {
  const { meaning, cause, wayOut }: CodeEntry = codes[code];
  return [meaning, cause, wayOut];
};

/** The codes of a location, each with its meaning, cause and way out. */
export const codesTable = (location: Exclude<CodeLocation, 'problem'>): string =>
  tableOf(
    ['code', ...EXPLAINED],
    listCodes(location).map((code) => [`\`${code}\``, ...explained(code)]),
  );

/** The codes of refused requests, by status. */
export const problemsTable = (): string =>
  tableOf(
    ['code', 'status', ...EXPLAINED],
    listCodes('problem')
      .toSorted((one, other) => statusOf(one) - statusOf(other))
      .map((code) => [`\`${code}\``, String(statusOf(code)), ...explained(code)]),
  );

const statusOf = (code: ProblemCode): number => problems[code].status;
