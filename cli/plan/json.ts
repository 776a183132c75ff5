import { dollarsOf } from './bill.ts';
import { GOAL_PER_MILLION, type Costed } from './compare.ts';
import { assumed, measured } from './measured.ts';
import type { Load } from './plan.ts';
import { meetsGoal, uncheckedFigures } from './report.ts';

/** The whole plan, as what `--json` prints. */
export const jsonOf = (load: Load, ways: readonly [Costed, ...Costed[]]): object => ({
  ...load,
  ways: ways.map(wayOf),
  goal: { dollarsPerMillionRows: GOAL_PER_MILLION, isMet: meetsGoal(ways[0]) },
  measured: { command: measured.command, date: measured.date },
  assumed: Object.values(assumed).map(({ why }) => why),
  unchecked: uncheckedFigures(),
});

const wayOf = ({ plan, span, dollars, perMillion, services }: Costed): object => ({
  name: plan.name,
  dollars,
  dollarsPerMillionRows: perMillion,
  dollarsByService: Object.fromEntries(services),
  seconds: span.seconds,
  boundBy: span.binding.name,
  lines: plan.lines.map((line) => ({
    service: line.price.service,
    quantity: line.quantity,
    unit: line.price.unit,
    dollars: dollarsOf(line),
    why: line.why,
  })),
  bounds: plan.bounds.map((bound) => ({ ...bound, bindsForSeconds: span.bindsFor.get(bound) ?? 0 })),
  notes: plan.notes,
});
