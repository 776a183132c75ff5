import { dollarsOf, type BillLine } from './bill.ts';
import { GOAL_PER_MILLION, type Costed } from './compare.ts';
import { isUnchecked, type Figure } from './figure.ts';
import { count, dollars, rate, span, sum } from './format.ts';
import type { Idle } from './idle.ts';
import { assumed, measured } from './measured.ts';
import type { Load } from './plan.ts';
import { prices } from './prices.ts';
import { quotas } from './quotas.ts';
import type { Bound } from './time.ts';

const figures: readonly Figure[] = [...Object.values(prices), ...Object.values(quotas)];

/** Formats the whole plan as lines. */
export const formatReport = (
  load: Load,
  ways: readonly [Costed, ...Costed[]],
  idles: readonly Idle[],
  objects: number,
): readonly string[] => [
  `${count(load.rows)} rows in one file, ${load.concurrency} workers at once; us-east-1, list prices. A model: nothing was run on AWS.`,
  ...ways.flatMap((way) => ['', ...wayLines(way)]),
  '',
  goalLine(ways[0]),
  '',
  ...idleLines(idles, objects),
  '',
  ...groundLines(),
];

/** Formats the sums side by side, and the lines of one of them. */
function idleLines(idles: readonly Idle[], shown: number): readonly string[] {
  const sums = idles.map(({ objects, dollars: total }) => `${dollars(total)} with ${count(objects)} objects`);
  const { lines, depths, alarms } = idles.find(({ objects }) => objects === shown)!;
  return [
    `Idle for 30 days, by objects in the uploads bucket: ${sums.join(', ')}; alarms ${dollars(dollarsOf(alarms))} more, files without progress ${dollars(dollarsOf(depths))}`,
    ...lines.map(formatBillLine),
    formatBillLine(depths),
    formatBillLine(alarms),
    `  note            The lines are those of ${count(shown)} objects. A sweep reads one page of the listing a minute; more objects only take more sweeps.`,
  ];
}

const formatBillLine = (line: BillLine): string => `  ${line.price.service.padEnd(14)}  ${sum(line)}  (${line.why})`;

function wayLines({ plan, span: time, dollars: total, perMillion, services }: Costed): readonly string[] {
  const binding = time.binding;
  return [
    `${plan.name}: ${dollars(total)}, ${rate(perMillion)} per million rows; ${span(time.seconds)}, bound by ${binding.name}`,
    ...plan.lines.map(formatBillLine),
    `  by service      ${Array.from(services, ([service, part]) => `${service} ${dollars(part)}`).join(', ')}`,
    ...plan.bounds.map((bound) => `  rows/s ${ratesOf(bound)}  ${bound.name}: ${bound.why}${boundFor(bound, time)}`),
    ...plan.notes.map((note) => `  note            ${note}`),
  ];
}

const ratesOf = ({ rowsPerSecond }: Bound): string => count(rowsPerSecond).padStart(13);

function boundFor(bound: Bound, { bindsFor }: Costed['span']): string {
  const seconds = bindsFor.get(bound);
  return seconds === undefined ? '' : `  <- binds for ${span(seconds)}`;
}

export const meetsGoal = ({ perMillion }: Costed): boolean => perMillion <= GOAL_PER_MILLION;

const goalLine = (project: Costed): string =>
  `Goal, at most ${rate(GOAL_PER_MILLION)} per million rows: ${meetsGoal(project) ? 'met' : 'MISSED'} by the model, with ${rate(project.perMillion)}.`;

const groundLines = (): readonly string[] => [
  `Measured by \`${measured.command}\`, ${measured.date}, on one machine. The rows are short and valid, and none is delivered twice.`,
  'Not in the sums of a file: the sum of idle days, the logs and traces of its own invocations, the API, retries.',
  'In no sum: storage, point-in-time recovery.',
  'Assumed:',
  ...Object.values(assumed).map(({ why }) => `  ${why}`),
  'Unchecked:',
  ...uncheckedFigures().map(({ name, value, source }) => `  ${name}: ${count(value)} (${source})`),
  'Prices and quotas with their sources: cli/plan/prices.ts, cli/plan/quotas.ts.',
];

export const uncheckedFigures = (): readonly Figure[] => figures.filter(isUnchecked);
