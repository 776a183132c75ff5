/** White space, and what has no width: marks of order and direction, soft hyphens, joiners, the blank of Braille. */
const NOTHING_TO_SEE = /^[\s\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** Whether a person would see nothing of a text. */
export const isBlank = (text: string): boolean => NOTHING_TO_SEE.test(text);
