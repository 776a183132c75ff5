/**
 * A number that others set, where it was read, and when; false: it could not be confirmed, and whoever plans is told
 * so.
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
