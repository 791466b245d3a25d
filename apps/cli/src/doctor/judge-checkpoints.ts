import type { Reconciled } from '@inventory/checkpoints';
import { countOf } from '../answer/count-of.ts';
import type { Finding } from './finding.ts';

const check = 'Checkpoints';

/** Whether what stands twice in the checkpoints says the same; where it does not, Redis has lost a part of it. */
export function judgeCheckpoints({ runs, totals, lostVerdicts, unlisted }: Reconciled): Finding {
  const wrong = [
    ...(runs > 0 ? [`${countOf(runs, 'run')} waiting for other tests than those that are open`] : []),
    ...(totals ? ['totals that are not those of the tests'] : []),
    ...(lostVerdicts > 0 ? [`${countOf(lostVerdicts, 'verdict')} lost`] : []),
    ...(unlisted > 0 ? [`${countOf(unlisted, 'test')} without a listing`] : []),
  ];
  if (wrong.length === 0) return { level: 'PASS', check, message: 'add up' };
  return {
    level: 'FAIL',
    check,
    message: `do not add up, Redis has lost something: ${wrong.join(', ')}; npm start mends it`,
  };
}
