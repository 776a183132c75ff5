import { parseArgs } from 'node:util';
import { LoadedService, type Load, type LoadResult } from '../kit/backlog/service.ts';

/**
 * Files under load in virtual time, with the sweep and without:
 * node test/simulation/backlog-load.ts --files 10 --messages 40000 --stall 0,10,360 (minutes without workers).
 */
const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '10' },
    messages: { type: 'string', default: '40000' },
    stall: { type: 'string', default: '0,10,360' },
  },
});
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const ratio = (swept: number, unswept: number): string => (swept / unswept).toFixed(4);

print('| no workers for | messages, sweep off | sweep on | ratio | empty after, sweep off | sweep on | ratio |');
print('| -------------: | ------------------: | -------: | ----: | ---------------------: | -------: | ----: |');
for (const stall of values.stall.split(',')) {
  const load = {
    files: Number(values.files),
    messagesPerFile: Number(values.messages),
    uploadMinutes: 1,
    stallMinutes: Number(stall),
  };
  const run = (sweep: Load['sweep']): Promise<LoadResult> => new LoadedService({ ...load, sweep }).run();
  const [off, on] = [await run(false), await run(true)];
  print(
    `| ${stall} min | ${off.messages} | ${on.messages} | ${ratio(on.messages, off.messages)} | ${off.doneMinutes} min | ${on.doneMinutes} min | ${ratio(on.doneMinutes, off.doneMinutes)} |`,
  );
}
