import type { Category, Evidence, ProbeName } from '@inventory/classification';
import type { TestDetail } from './test-schema.ts';

/** Which Results data a test offers: what the probes said, and nothing where there can be none. */
export function offersOf(evidence: Evidence, category: Category | null): TestDetail['offers'] {
  const none = category === 'ClassicUT' || category === 'no sessions';
  const offered = (probe: ProbeName): boolean | null => {
    const answer = evidence[probe];
    if (answer !== undefined) return answer.outcome === 'present';
    return none ? false : null;
  };
  return { video: offered('video'), qxScores: offered('qx'), transcript: offered('transcript') };
}
