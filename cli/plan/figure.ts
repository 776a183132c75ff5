/**
 * A number that AWS sets, with the page and the day on which it was read. `checked` is false if the number could not be
 * confirmed; the plan then lists it as unchecked.
 */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly source: string;
  readonly checked: string | false;
}

/** A list price in dollars for so many units, such as 0.625 for 1,000,000 write units. */
export interface Price extends Figure {
  readonly service: string;
  readonly per: number;
  readonly unit: string;
}

export const isUnchecked = ({ checked }: Figure): boolean => checked === false;
