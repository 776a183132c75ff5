import { dollarsOf, type BillLine } from './bill.ts';
import { GOAL_PER_MILLION, type Costed } from './compare.ts';
import type { Idle } from './idle.ts';
import { assumed, measured } from './measured.ts';
import type { Load } from './plan.ts';
import { meetsGoal, uncheckedFigures } from './report.ts';

/** Converts the whole plan to what `--json` prints. */
export const toJson = (load: Load, ways: readonly [Costed, ...Costed[]], idles: readonly Idle[]): object => ({
  ...load,
  ways: ways.map(toJsonWay),
  goal: { dollarsPerMillionRows: GOAL_PER_MILLION, isMet: meetsGoal(ways[0]) },
  idleFor30Days: idles.map(({ objects, dollars, lines, depths, alarms }) => ({
    objects,
    dollars,
    lines: lines.map(toJsonLine),
    depths: toJsonLine(depths),
    alarms: toJsonLine(alarms),
  })),
  measured: { command: measured.command, date: measured.date },
  assumed: Object.values(assumed).map(({ why }) => why),
  unchecked: uncheckedFigures(),
});

const toJsonWay = ({ plan, span, dollars, perMillion, services }: Costed): object => ({
  name: plan.name,
  dollars,
  dollarsPerMillionRows: perMillion,
  dollarsByService: Object.fromEntries(services),
  seconds: span.seconds,
  boundBy: span.binding.name,
  lines: plan.lines.map(toJsonLine),
  bounds: plan.bounds.map((bound) => ({ ...bound, bindsForSeconds: span.bindsFor.get(bound) ?? 0 })),
  notes: plan.notes,
});

const toJsonLine = (line: BillLine): object => ({
  service: line.price.service,
  quantity: line.quantity,
  unit: line.price.unit,
  dollars: dollarsOf(line),
  why: line.why,
});
