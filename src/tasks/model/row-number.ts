/** The header is row 1, so item 0 of a job is row 2 of the file. */
export const toRowNumber = (index: number): number => index + 2;
export const toItemIndex = (row: number): number => row - 2;
