/** White space and characters without width: marks of order and direction, soft hyphens, joiners, the Braille blank. */
const NOTHING_TO_SEE = /^[\s\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** Whether a text shows nothing on a screen. */
export const isBlank = (text: string): boolean => NOTHING_TO_SEE.test(text);
