import { GOAL_PER_MILLION, type Costed } from './compare.ts';
import { isUnchecked, type Figure } from './figure.ts';
import { count, dollars, rate, span, sum } from './format.ts';
import { assumed, measured } from './measured.ts';
import type { Load } from './plan.ts';
import { prices } from './prices.ts';
import { quotas } from './quotas.ts';
import type { Bound } from './time.ts';

const figures: readonly Figure[] = [...Object.values(prices), ...Object.values(quotas)];

/** The whole plan, as lines. */
export const reportOf = (load: Load, ways: readonly [Costed, ...Costed[]]): readonly string[] => [
  `${count(load.rows)} rows in one file, ${load.concurrency} workers at once; us-east-1, list prices. A model: nothing of it was run on AWS.`,
  ...ways.flatMap((way) => ['', ...wayLines(way)]),
  '',
  goalLine(ways[0]),
  '',
  ...groundLines(),
];

function wayLines({ plan, span: time, dollars: total, perMillion, services }: Costed): readonly string[] {
  const binding = time.binding;
  return [
    `${plan.name}: ${dollars(total)}, ${rate(perMillion)} per million rows; ${span(time.seconds)}, bound by ${binding.name}`,
    ...plan.lines.map((line) => `  ${line.price.service.padEnd(14)}  ${sum(line)}  (${line.why})`),
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
  'Not in the sums: storage, logs, traces, point-in-time recovery, the API, the sweep, polling of empty queues, retries.',
  'Assumed:',
  ...Object.values(assumed).map(({ why }) => `  ${why}`),
  'Unchecked:',
  ...uncheckedFigures().map(({ name, value, source }) => `  ${name}: ${count(value)} (${source})`),
  'Prices and quotas with their sources: cli/plan/prices.ts, cli/plan/quotas.ts.',
];

export const uncheckedFigures = (): readonly Figure[] => figures.filter(isUnchecked);
