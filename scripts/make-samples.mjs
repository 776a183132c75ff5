// Writes samples/sample*.csv again, always with the same bytes: `node scripts/make-samples.mjs`. Every row is valid.
// Together they show what real files contain: quotes, commas, line breaks, accents, other scripts, emoji, offsets of
// every kind and each spelling of true and false.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const works = ['Renew', 'Check', 'Order', 'Repair', 'Plan', 'Review', 'Translate', 'Pack', 'Book', 'Archive', 'Paint'];
const things = [
  'the fire permit',
  'the winter timetable',
  'twelve “quiet” chairs',
  'the lift, north wing',
  'the bilingual menu',
  'the spare projector',
  'the audit folder',
  'the greenhouse pump',
  'a room with daylight',
  'the first-aid boxes',
  'the façade lights',
  'the 3" drain pipe',
  'next year’s budget',
];
const towns = [
  'Łódź',
  'Ærø',
  'São Tomé',
  'Zürich',
  'Reykjavík',
  'Kraków',
  '京都',
  'Αθήνα',
  'Київ',
  'Malmö',
  'Hull',
  'Graz',
];
const details = [
  () => '',
  () => 'Ask for two offers, compare them, and file both.',
  (n) => `Steps:\n1. call the office, extension ${100 + (n % 900)}\n2. note the answer\n3. close`,
  (n) => `Reference "${(n * 7919).toString(36).toUpperCase()}", see the blue folder.`,
  () => 'Naïve estimate: half a day; with the façade scaffold, rather two.',
  () => '担当者に確認すること。鍵は受付にあります。',
  (n) => `Budget ${(n % 40) + 1},500 €; anything above needs a signature.`,
  () => 'Bring gloves 🧤, a torch 🔦 and the long ladder.\nNobody goes up alone.',
  () => 'Опоздание возможно; позвонить заранее.',
  () => '=see the sheet, not this cell',
];
const offsets = ['Z', '+01:00', '+05:30', '-08:00', '+13:45', '-03:30', '+00:00'];
const spellings = ['', 'false', 'true', 'no', 'yes', '0', '1', 'FALSE', 'True', 'No', 'YES', 'tRuE'];

/** Returns random numbers, the same on every machine (Mulberry32). */
function randomFrom(seed) {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

const cell = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function row(n, random) {
  const pick = (list) => list[random(list.length)];
  const dueAt = new Date(Date.UTC(2027, 0, 1) + random(365 * 24 * 60) * 60_000).toISOString();
  return [
    `${pick(works)} ${pick(things)} in ${pick(towns)} (${n})`,
    pick(details)(n),
    random(6) === 0 ? '' : dueAt.replace('.000Z', pick(offsets)),
    pick(spellings),
  ];
}

function write(name, rows) {
  const records = [['title', 'detail', 'dueAt', 'isComplete'], ...rows];
  const text = records.map((cells) => `${cells.map(cell).join(',')}\n`).join('');
  writeFileSync(join(import.meta.dirname, '..', 'samples', name), text);
}

write('sample.csv', [
  ['Water the plants', 'Kitchen and hall, not the cactus', '2027-01-31T09:00:00+01:00', 'false'],
  ['Return the library books', '', '2027-02-05T17:30:00Z', 'yes'],
]);
for (const count of [1_000, 10_000]) {
  const random = randomFrom(count);
  write(
    `sample-${count}.csv`,
    Array.from({ length: count }, (_, index) => row(index + 1, random)),
  );
}
