import type { Summary } from '../answers/summary.ts';
import { number } from '../words/count.ts';

/** Why tests are undecided: `312 wait for answers, 3 ended in errors, 20 not chosen by any run`. */
export function undecidedText({ open, errors, notSelected }: Summary['undecided']): string {
  const reasons: readonly (readonly [number, string])[] = [
    [open, 'wait for answers'],
    [errors, 'ended in errors'],
    [notSelected, 'not chosen by a run'],
  ];
  return reasons
    .filter(([count]) => count > 0)
    .map(([count, why]) => `${number(count)} ${why}`)
    .join(', ');
}
