import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const plan = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, 'plan.ts'), ...args], { encoding: 'utf8' });

it('prints every line of the sum for ten million rows', () => {
  const { status, stdout, stderr } = plan('--rows', '10000000');
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout.split('\n').slice(0, 22)).toEqual([
    '10,000,000 rows in one file, 5 workers at once; us-east-1, list prices. A model: nothing was run on AWS.',
    '',
    'This project: $6.38, $0.638 per million rows; 36 min, bound by a new on-demand table',
    '  DynamoDB        10,050,000 write units × $0.625 / 1,000,000 = $6.28  (1.005 a row, measured)',
    '  DynamoDB        16,000 write units × $0.625 / 1,000,000 = $0.0100  (index by change: 2 changes of the job for 2,500 rows, 2 units each, not measured)',
    '  DynamoDB        81,400 read units × $0.125 / 1,000,000 = $0.0102  (0.0081 GetItem and 0.00004 BatchGetItem a row, measured, a unit each)',
    '  SQS             120,800 requests × $0.4 / 1,000,000 = $0.0483  (0.004 sends, 0.00404 receives of 1 × 64 KiB and 0.00404 deletes a row, measured)',
    '  SNS             200 publishes × $0.5 / 1,000,000 = $0.0001  (0.00002 a row, measured; in fact 1 a file)',
    '  Lambda          40,000 requests × $0.2 / 1,000,000 = $0.0080  (a worker for 250 rows, measured)',
    '  Lambda          1,612 GB-s × $13.3334 / 1,000,000 = $0.0215  (a worker takes 80.6 ms of 0.5 GB, from its measured CPU and assumed calls)',
    '  Lambda          213 GB-s × $13.3334 / 1,000,000 = $0.0028  (the splitter takes 106.4 ms of 0.5 GB for 2,500 rows, assumed)',
    '  S3              400 puts × $0.005 / 1,000 = $0.0020  (0.00004 a row, measured; in fact 2 a file)',
    '  S3              800 reads × $0.0004 / 1,000 = $0.0003  (0.00006 gets and 0.00002 heads a row, measured)',
    '  by service      DynamoDB $6.30, SQS $0.0483, SNS $0.0001, Lambda $0.0323, S3 $0.0023',
    '  rows/s        12,426  maximum concurrency of the mapping: 5 at once × 250 rows in 80.6 ms and 20.0 ms until the next',
    "  rows/s     2,485,159  the account's Lambda concurrency: 1,000 at once × 250 rows in 80.6 ms and 20.0 ms until the next",
    '  rows/s         4,000  a new on-demand table: 4,000 write units/s at first, doubling each half hour up to 40,000  <- binds for 36 min',
    "  rows/s        16,000  partition keys of the Tasks table: 16 keys × 1,000 write units/s, before DynamoDB splits a key's range",
    '  rows/s        23,501  the one splitter of a file: 2,500 rows in 106.4 ms; two files have two',
    '  rows/s    37,222,152  messages in flight of the queue: 120,000 × 25 rows in 80.6 ms',
    '  note            Workers that wait for a throttled table are billed, up to $0.12 an hour, and that is not in the sum: warm the table up first.',
    '',
  ]);
});

it('compares the other ways, names the unchecked figures, and says whether the goal is met', () => {
  const { stdout } = plan('--rows', '10000000');
  const lines = stdout.split('\n');
  expect(lines.filter((line) => line.includes('per million rows'))).toEqual([
    'This project: $6.38, $0.638 per million rows; 36 min, bound by a new on-demand table',
    'The textbook: one message, one put, one counter update per row: $14.04, $1.404 per million rows; 2 h 47 min, bound by the counter, one item',
    'Step Functions Distributed Map, Express children of 25 rows: $16.81, $1.681 per million rows; 36 min, bound by a new on-demand table',
    'Step Functions Distributed Map, Standard children of 25 rows: $26.37, $2.637 per million rows; 67 min, bound by children started',
    'Step Functions Distributed Map, Express children of 250 rows: $7.32, $0.732 per million rows; 36 min, bound by a new on-demand table',
    'Goal, at most $0.750 per million rows: met by the model, with $0.638.',
  ]);
  const unchecked = lines.slice(lines.indexOf('Unchecked:') + 1);
  expect(unchecked.filter((line) => line.startsWith('  '))).toEqual([
    expect.stringMatching(/^ {2}Express children that a Map Run starts in a second: 1,000 \(https:/),
    expect.stringMatching(/^ {2}Standard children that a Map Run starts in a second: 100 \(https:/),
    expect.stringMatching(/^ {2}items of a Map Run: 100,000,000 \(https:/),
  ]);
});

it('prints the sum of idle days by objects in the bucket, with the lines of the given number', () => {
  const lines = plan('--rows', '1', '--objects', '250').stdout.split('\n');
  const from = lines.findIndex((line) => line.startsWith('Idle'));
  expect(lines.slice(from, from + 8)).toEqual([
    'Idle for 30 days, by objects in the uploads bucket: $2.19 with 0 objects, $2.87 with 250 objects, $4.92 with 1,000 objects, $4.92 with 100,000 objects; alarms $1.30 more, files without progress $0.0518',
    '  SQS             3,888,000 requests × $0.4 / 1,000,000 = $1.56  (6 mappings × 5 pollers that ask every 20 s)',
    '  EventBridge     43,200 invocations × $1 / 1,000,000 = $0.0432  (a sweep a minute)',
    '  Lambda          43,200 requests × $0.2 / 1,000,000 = $0.0086  (a sweep a minute)',
    '  Lambda          4,752 GB-s × $13.3334 / 1,000,000 = $0.0634  (a sweep takes 220.0 ms of 0.5 GB: 22 calls in turn)',
    '  DynamoDB        367,200 read units × $0.125 / 1,000,000 = $0.0459  (16 queries of the index by change and the position, half a unit each)',
    '  DynamoDB        5,400,000 read units × $0.125 / 1,000,000 = $0.68  (the jobs of 250 listed objects, 100 a call, half a unit each)',
    '  DynamoDB        43,200 write units × $0.625 / 1,000,000 = $0.0270  (the position where the next sweep continues)',
  ]);
});

it('prints one JSON object whose lines add up', () => {
  const { stdout } = plan('--rows', '1000000', '--concurrency', '20', '--json');
  const { ways, idleFor30Days, ...rest } = JSON.parse(stdout);
  expect(rest).toMatchObject({ rows: 1_000_000, concurrency: 20, goal: { dollarsPerMillionRows: 0.75, isMet: true } });
  const sumOf = (parts: readonly number[]): number => parts.reduce((sum, part) => sum + part, 0);
  expect(idleFor30Days.map(({ objects }: { objects: number }) => objects)).toEqual([0, 1_000, 100_000]);
  for (const { lines, dollars } of idleFor30Days) {
    expect(sumOf(lines.map((line: { dollars: number }) => line.dollars))).toBeCloseTo(dollars, 9);
  }
  expect(ways).toHaveLength(5);
  for (const { lines, dollars, dollarsByService } of ways) {
    expect(sumOf(lines.map((line: { dollars: number }) => line.dollars))).toBeCloseTo(dollars, 9);
    expect(sumOf(Object.values(dollarsByService))).toBeCloseTo(dollars, 9);
  }
});

it.each([
  ['no number of rows', [], /required option '--rows <number>' not specified/],
  [
    'no rows',
    ['--rows', '0'],
    /'--rows <number>' argument '0' is invalid\. Allowed: a whole number from 1 to 1000000000000/,
  ],
  ['a fraction of a row', ['--rows', '1.5'], /argument '1\.5' is invalid\. Allowed: a whole number/],
  ['rows with separators', ['--rows', '1,000'], /argument '1,000' is invalid\. .*digits only, such as 100/],
  [
    'one worker',
    ['--rows', '1', '--concurrency', '1'],
    /'--concurrency <number>' argument '1' is invalid\. .* from 2 to 1000/,
  ],
  ['too many workers', ['--rows', '1', '--concurrency', '1001'], /argument '1001' is invalid\. .* from 2 to 1000/],
  [
    'objects that are not a number',
    ['--rows', '1', '--objects', 'many'],
    /'--objects <number>' argument 'many' is invalid/,
  ],
  ['an unknown option', ['--rows', '1', '--yaml'], /unknown option '--yaml'/],
])('refuses %s in one sentence, with exit code 2', (_what, args, sentence) => {
  const { status, stdout, stderr } = plan(...args);
  expect(stderr).toMatch(sentence);
  expect([status, stdout, stderr.trimEnd().split('\n')]).toEqual([2, '', [expect.any(String)]]);
});

it('has a help text', () => {
  expect(plan('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--concurrency') });
});
