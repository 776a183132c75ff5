/**
 * JSON text of only such characters as every queue takes. SQS refuses U+FFFE, U+FFFF and control characters, and some
 * of its stand-ins refuse surrogate pairs; one such cell would make its message fail for ever. All of them can be
 * escaped in JSON.
 */
export const toJsonText = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[\u007f-\u009f\ud800-\udfff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
