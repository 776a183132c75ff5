import * as z from 'zod';
import { isTimeZone, TIME_ZONE_FORMS } from '../instants.ts';

/**
 * The encodings that an uploader can name, by their labels in the WHATWG Encoding Standard. Without a name, the reader
 * recognizes UTF-8, UTF-16 with a byte-order mark, and Windows-1252.
 */
export const ENCODING_NAMES = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1250',
  'windows-1251',
  'windows-1252',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'windows-1258',
  'iso-8859-2',
  'iso-8859-5',
  'iso-8859-7',
  'iso-8859-15',
  'koi8-r',
  'koi8-u',
  'ibm866',
  'macintosh',
  'windows-874',
  'shift_jis',
  'euc-jp',
  'gb18030',
  'big5',
  'euc-kr',
] as const;

/** Other common names of these encodings. */
const ENCODING_ALIASES: Readonly<Record<string, (typeof ENCODING_NAMES)[number]>> = {
  utf8: 'utf-8',
  'utf-16': 'utf-16le',
  'iso-8859-1': 'windows-1252',
  'iso-8859-9': 'windows-1254',
  'latin-1': 'windows-1252',
  latin1: 'windows-1252',
  cp1250: 'windows-1250',
  cp1251: 'windows-1251',
  cp1252: 'windows-1252',
  sjis: 'shift_jis',
  'shift-jis': 'shift_jis',
  cp932: 'shift_jis',
  gbk: 'gb18030',
  gb2312: 'gb18030',
  cp936: 'gb18030',
  cp949: 'euc-kr',
};

const lowered = (name: string): string => {
  const lower = name.trim().toLowerCase();
  return ENCODING_ALIASES[lower] ?? lower;
};

const encoding = z
  .string()
  .overwrite(lowered)
  .pipe(z.enum(ENCODING_NAMES, `must be one of ${ENCODING_NAMES.join(', ')}`));

const DELIMITER_NAMES: Readonly<Record<string, string>> = {
  tab: '\t',
  '\\t': '\t',
  comma: ',',
  semicolon: ';',
  pipe: '|',
};
const delimiter = z
  .string()
  .overwrite((text) => DELIMITER_NAMES[text.toLowerCase()] ?? text)
  .pipe(z.enum([',', ';', '\t', '|'], 'must be one of , ; | and tab'));

const timeZone = z.string().trim().max(64).refine(isTimeZone, `must be ${TIME_ZONE_FORMS}`);

const NULL_WORDS_MAX = 20;
const NULL_WORD_MAX = 50;
const nullWords = z.array(z.string().trim().min(1).max(NULL_WORD_MAX)).min(1).max(NULL_WORDS_MAX).readonly();

const shape = {
  /** The zone in which times without an offset, and dates alone, are local. */
  timeZone: timeZone.exactOptional(),
  encoding: encoding.exactOptional(),
  delimiter: delimiter.exactOptional(),
  /** Cells with one of these words, in the same case, are empty. `\N` always is. */
  nullWords: nullWords.exactOptional(),
  /** Whether a file with an unknown column is refused. */
  strict: z.boolean().exactOptional(),
};

/** How to read a file whose bytes leave a choice, as fields of a JSON body. */
export const readOptions = z.strictObject(shape);
export type ReadOptions = z.infer<typeof readOptions>;

/** The same options as text, in a query or a form: `nullWords=NULL,NA`, `strict=true`. */
export const readOptionsText = z.strictObject({
  ...shape,
  nullWords: z
    .string()
    .transform((text) => text.split(','))
    .pipe(nullWords.unwrap())
    .readonly()
    .exactOptional(),
  strict: z.stringbool({ truthy: ['true', '1'], falsy: ['false', '0'] }).exactOptional(),
});
