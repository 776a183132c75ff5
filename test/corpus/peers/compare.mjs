// Runs in a temporary folder: see compare.sh.
import { readdirSync, readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { parse } from 'csv-parse/sync';
import { parseString } from 'fast-csv';
import Papa from 'papaparse';

const root = process.env.ROOT;
const { readCsv } = await import(`${root}/src/engine/reader/csv.ts`);
const { cases } = await import(`${root}/test/corpus/peers/cases.ts`);

const readers = {
  ours: async (text, delimiter) => {
    const records = [];
    const once = (async function* () {
      yield Buffer.from(text);
    })();
    for await (const some of readCsv(once, { byteOffset: 0, line: 1 }, { encoding: 'utf-8', delimiter })) {
      records.push(...some.map(({ cells, fault }) => fault ?? cells));
    }
    return records;
  },
  'csv-parse': (text, delimiter) => parse(text, { delimiter, relax_column_count: true, skip_empty_lines: true }),
  papaparse: (text, delimiter) => {
    const { data, errors } = Papa.parse(text, { delimiter, skipEmptyLines: true });
    return errors.length > 0 ? { data, errors: errors.map(({ code }) => code) } : data;
  },
  'fast-csv': (text, delimiter) => Array.fromAsync(parseString(text, { delimiter, ignoreEmpty: true })),
};

async function readBy(reader, text, delimiter) {
  try {
    return JSON.stringify(await reader(text, delimiter));
  } catch (error) {
    return `refused: ${error.code ?? error.message}`;
  }
}

/** The inputs of papaparse's own tests, of those that need no setting but the delimiter. */
function testsOfPapaparse() {
  const nothing = Object.assign(() => undefined, { skip: () => undefined });
  const context = { module: { exports: {} }, require: () => ({ assert: {} }), describe: nothing, it: nothing };
  runInNewContext(readFileSync('node_modules/papaparse/tests/test-cases.js', 'utf8'), context);
  const plain = ({ input, config = {} }) =>
    typeof input === 'string' &&
    Object.keys(config).every((key) => ['delimiter', 'newline', 'skipEmptyLines'].includes(key)) &&
    (config.delimiter === undefined || config.delimiter.length === 1);
  return [...context.CORE_PARSER_TESTS, ...context.PARSE_TESTS]
    .filter(plain)
    .map(({ description, input, config }) => ({ name: description, text: input, delimiter: config?.delimiter }));
}

const spectrum = readdirSync('node_modules/csv-spectrum/csvs').map((file) => ({
  name: file,
  text: readFileSync(`node_modules/csv-spectrum/csvs/${file}`, 'utf8'),
}));

const all = [...cases, ...spectrum, ...testsOfPapaparse()];
let differing = 0;
for (const { name, text, delimiter = ',' } of all) {
  const results = [];
  for (const [reader, read] of Object.entries(readers)) results.push([reader, await readBy(read, text, delimiter)]);
  if (new Set(results.map(([, result]) => result)).size === 1) continue;
  differing += 1;
  console.log(`${name}\n  ${'text'.padEnd(10)} ${JSON.stringify(text)}`);
  for (const [reader, result] of results) console.log(`  ${reader.padEnd(10)} ${result}`);
}
console.log(`${all.length} texts, ${differing} on which a reader differs`);
