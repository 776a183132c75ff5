/** What a program does to cells by itself. */
type Damage = (cell: string) => string;

const toLineFeeds: Damage = (cell) => cell.replaceAll('\r\n', '\n');
const toUpperCase: Damage = (cell) => (cell === 'true' ? 'TRUE' : cell);
/** It takes the first one for a mark of text; before a formula, a number or a date that is what it is. */
const withoutApostrophe: Damage = (cell) => cell.replace(/^'/, '');

export interface Program {
  /** Of its files: `NAME.csv`, and `NAME-of-json.csv` for the fix file of JSON Lines. */
  readonly name: string;
  /** Some rows were repaired in it; otherwise it has only read and written the file. */
  readonly isRepaired: boolean;
  readonly damages: readonly Damage[];
  /** Rows left alone that fail for another reason, by the row of the first file. */
  readonly otherCodes?: Readonly<Record<string, string>>;
}

/** What each program of README.md leaves of a fix file. */
export const programs: readonly Program[] = [
  { name: 'libreoffice-headless', isRepaired: false, damages: [toLineFeeds] },
  { name: 'libreoffice', isRepaired: true, damages: [toLineFeeds, toUpperCase] },
  {
    name: 'gnumeric',
    isRepaired: true,
    damages: [withoutApostrophe, toUpperCase],
    // The line is NA, and nothing is left of its apostrophe.
    otherCodes: { 12: 'REQUIRED' },
  },
  { name: 'pandas', isRepaired: true, damages: [] },
  { name: 'r', isRepaired: true, damages: [toLineFeeds] },
  { name: 'r-empty', isRepaired: true, damages: [toLineFeeds] },
  { name: 'duckdb', isRepaired: true, damages: [] },
  { name: 'miller', isRepaired: true, damages: [toLineFeeds] },
  { name: 'sqlite', isRepaired: true, damages: [] },
];
