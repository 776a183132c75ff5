/**
 * Encodes a value as JSON with only characters that every queue accepts. SQS refuses U+FFFE, U+FFFF and control
 * characters, and some emulators refuse surrogate pairs. A cell with one of them would make its message fail for ever,
 * so all of them are escaped.
 */
export const toJsonText = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[\u007f-\u009f\ud800-\udfff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
