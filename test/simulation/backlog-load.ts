import { parseArgs } from 'node:util';
import { KINDS, LoadedService, type Kind, type LoadResult, type Sent } from '../kit/backlog/service.ts';

/**
 * Prints how the service processes files under load in virtual time, with the sweep and without:
 * node test/simulation/backlog-load.ts --files 10 --messages 40000 --small 1000 --stall 10,360 (minutes).
 */
const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '10' },
    messages: { type: 'string', default: '40000' },
    small: { type: 'string', default: '1000' },
    stall: { type: 'string', default: '10,360' },
  },
});
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const count = (number: number): string => number.toLocaleString('en-US');
const ratio = (swept: number, unswept: number): string => (swept / unswept).toFixed(4);
const all = ({ uploads, batches, completions }: Sent): number => uploads + batches + completions;
const each = ({ uploads, batches, completions }: Sent): string =>
  [uploads, batches, completions].map(count).join(' / ');

const stalls: readonly { readonly stalled: readonly Kind[]; readonly stallMinutes: number }[] = [
  { stalled: [], stallMinutes: 0 },
  ...values.stall
    .split(',')
    .map(Number)
    .flatMap((stallMinutes) => [...KINDS.map((kind) => [kind]), KINDS].map((stalled) => ({ stalled, stallMinutes }))),
];

print(
  '| switched off | uploads / batches / events, sweep off | sweep on | all, ratio | empty after, sweep off | sweep on | ratio |',
);
print(
  '| ------------ | ------------------------------------: | -------: | ---------: | ---------------------: | -------: | ----: |',
);
for (const { stalled, stallMinutes } of stalls) {
  const run = (sweep: boolean): Promise<LoadResult> =>
    new LoadedService({
      files: Number(values.files),
      messagesPerFile: Number(values.messages),
      smallFiles: Number(values.small),
      messagesPerSmallFile: 4,
      uploadMinutes: 1,
      stalled,
      stallMinutes,
      sweep,
    }).run();
  const [off, on] = [await run(false), await run(true)];
  const who = stalled.length === KINDS.length ? 'all' : stalled[0];
  print(
    `| ${who ? `${who}, ${stallMinutes} min` : 'none'} | ${each(off.sent)} | ${each(on.sent)} | ${ratio(all(on.sent), all(off.sent))} | ${off.doneMinutes} min | ${on.doneMinutes} min | ${ratio(on.doneMinutes, off.doneMinutes)} |`,
  );
}
