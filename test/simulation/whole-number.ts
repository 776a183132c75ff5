/** Reads an environment variable that takes a whole number from 0 on. Returns undefined if it is not set. */
export function wholeNumber(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === '') return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new RangeError(`${name}="${text}": it takes a whole number from 0 on.`);
}
