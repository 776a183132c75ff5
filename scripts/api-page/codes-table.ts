import {
  codes,
  codesIn,
  problems,
  type Code,
  type CodeEntry,
  type Place,
  type ProblemCode,
} from '../../src/contract/index.ts';
import { tableOf } from './table.ts';

const EXPLAINED = ['means', 'cause', 'way out'];

const explained = (code: Code): readonly string[] => {
  const { meaning, cause, wayOut }: CodeEntry = codes[code];
  return [meaning, cause, wayOut];
};

/** The codes of a place, each with its meaning, cause and way out. */
export const codesTable = (place: Exclude<Place, 'problem'>): string =>
  tableOf(
    ['code', ...EXPLAINED],
    codesIn(place).map((code) => [`\`${code}\``, ...explained(code)]),
  );

/** The codes of refused requests, by status. */
export const problemsTable = (): string =>
  tableOf(
    ['code', 'status', ...EXPLAINED],
    codesIn('problem')
      .toSorted((one, other) => statusOf(one) - statusOf(other))
      .map((code) => [`\`${code}\``, String(statusOf(code)), ...explained(code)]),
  );

const statusOf = (code: ProblemCode): number => problems[code].status;
