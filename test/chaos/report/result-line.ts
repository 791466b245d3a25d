import type { Plan } from '../plan/plan.ts';
import type { RunResult } from '../run-seed.ts';
import { kindsOf } from './describe-plan.ts';

/** One line for a run. */
export function resultLine({ plan, tests, requests, kills, faults, durationMs, failures }: RunResult): string {
  const cells = [
    `seed ${plan.seed}`.padEnd(14),
    plan.variant.padEnd(10),
    `${tests} tests`.padStart(9),
    `${requests} requests`.padStart(13),
    `${kills} kills`.padStart(8),
    `${faults} faults`.padStart(10),
    `${(durationMs / 1000).toFixed(1)} s`.padStart(7),
    failures.length === 0 ? 'ok' : 'FAILED',
  ];
  return cells.join('  ');
}

/** What to read about a failed run; the first line of each failure names its check. */
export function failureText({ plan, failures, traces }: RunResult): string {
  return [
    ...failures.map(({ check, detail }) => `seed ${plan.seed} FAILED ${check}: ${detail}`),
    ...traces,
    `Again: npm run chaos -- --seed ${plan.seed}`,
  ].join('\n');
}

/** In how many of the runs each kind of thing was planned. */
export function kindsText(plans: readonly Plan[]): string {
  const counts = new Map<string, number>();
  for (const kind of plans.flatMap((plan) => [...kindsOf(plan)])) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const inOrder = [...counts].sort((a, b) => b[1] - a[1]);
  return `Runs with each kind: ${inOrder.map(([kind, count]) => `${kind} ${count}`).join(', ')}`;
}
