/** How a program changes cells on its own. */
type Damage = (cell: string) => string;

const toLineFeeds: Damage = (cell) => cell.replaceAll('\r\n', '\n');
const toUpperCase: Damage = (cell) => (cell === 'true' ? 'TRUE' : cell);
/** The program reads a leading apostrophe as the mark of a text, as before a formula, a number or a date. */
const withoutApostrophe: Damage = (cell) => cell.replace(/^'/, '');

export interface Program {
  /** The name of its files: `NAME.csv`, and `NAME-of-json.csv` for the fix file of JSON Lines. */
  readonly name: string;
  /** Whether some rows were repaired with the program. Otherwise it only read and wrote the file. */
  readonly isRepaired: boolean;
  readonly damages: readonly Damage[];
  /** The codes of unrepaired rows that fail for another reason than before, by the row of the first file. */
  readonly otherCodes?: Readonly<Record<string, string>>;
}

/** What each program of README.md changes in a fix file. */
export const programs: readonly Program[] = [
  { name: 'libreoffice-headless', isRepaired: false, damages: [toLineFeeds] },
  { name: 'libreoffice', isRepaired: true, damages: [toLineFeeds, toUpperCase] },
  {
    name: 'gnumeric',
    isRepaired: true,
    damages: [withoutApostrophe, toUpperCase],
    // The line is NA, and its apostrophe is lost.
    otherCodes: { 12: 'REQUIRED' },
  },
  { name: 'pandas', isRepaired: true, damages: [] },
  { name: 'r', isRepaired: true, damages: [toLineFeeds] },
  { name: 'r-empty', isRepaired: true, damages: [toLineFeeds] },
  { name: 'duckdb', isRepaired: true, damages: [] },
  { name: 'miller', isRepaired: true, damages: [toLineFeeds] },
  { name: 'sqlite', isRepaired: true, damages: [] },
];
