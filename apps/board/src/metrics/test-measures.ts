import { errorTypes, type Totals } from '@inventory/checkpoints';
import { categories, platformOf } from '@inventory/classification';
import type { AccountFacts } from './account-facts.ts';
import type { Measure, Sample } from './measure.ts';

/** What is known of the tests, what went wrong, and what waits in the queue. */
export function testMeasures({ standing: { totals }, errorsByType, work, jobs }: AccountFacts): Measure[] {
  const recorded = Object.fromEntries(work.errors.map(({ type, count }) => [type, count]));
  return [
    {
      name: 'inventory_tests',
      help: 'Tests by platform and type; those without a verdict have both undecided.',
      kind: 'gauge',
      samples: testSamples(totals),
    },
    {
      name: 'inventory_weak_verdicts',
      help: 'Verdicts that are not final, by certainty: provisional ones are asked about once more, nothing confirms unconfirmed ones.',
      kind: 'gauge',
      samples: [
        { labels: { certainty: 'provisional' }, value: totals.provisional },
        { labels: { certainty: 'unconfirmed' }, value: totals.unconfirmed },
      ],
    },
    {
      name: 'inventory_open_tests',
      help: 'Tests that wait for their outcome.',
      kind: 'gauge',
      samples: [{ value: totals.open }],
    },
    {
      name: 'inventory_errors',
      help: 'Tests and workspaces whose last outcome is an error, by its type.',
      kind: 'gauge',
      samples: byType(errorsByType),
    },
    {
      name: 'inventory_errors_recorded_total',
      help: 'Errors that workers recorded as the outcome of a test, by type.',
      kind: 'counter',
      samples: byType(recorded),
    },
    {
      name: 'inventory_queue_jobs',
      help: 'Jobs in the queue, by state.',
      kind: 'gauge',
      samples: Object.entries(jobs).map(([state, value]) => ({ labels: { state }, value })),
    },
  ];
}

function testSamples({ undecided, byCategory }: Totals): Sample[] {
  const decided = categories.map((type) => ({
    labels: { platform: platformOf(type), type },
    value: byCategory[type] ?? 0,
  }));
  return [...decided, { labels: { platform: 'undecided', type: 'undecided' }, value: undecided }];
}

/** All types that are known are there from the start, so that a rise from nothing shows as one. */
function byType(counts: Readonly<Record<string, number>>): Sample[] {
  const types = new Set<string>([...errorTypes, ...Object.keys(counts)]);
  return [...types].map((type) => ({ labels: { type }, value: counts[type] ?? 0 }));
}
