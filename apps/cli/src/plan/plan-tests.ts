import {
  type Evidence,
  isStale,
  type RequestForecast,
  type RuleMix,
  type RuleSetName,
  requestForecast,
  ruleSets,
} from '@inventory/classification';
import { type Known, type Moment, type Stand, standOf } from './stand-of.ts';

/** A test that a run would come by. */
export interface ListedKnown {
  /** Whether the listing says its type. */
  readonly declared: boolean;
  readonly known: Known;
}

export interface PlanTestsOptions extends Moment {
  /** How many tests each rule has decided so far. */
  readonly mix: RuleMix;
  /** The rules in force. */
  readonly rules: RuleSetName;
  readonly classifyBy: 'auto' | 'probe' | 'metadata';
  /** How many tests with an unconfirmed verdict a run asks once more. */
  readonly toAskAgain: number;
}

/** What a run would do, in numbers of tests and of Results API requests. */
export interface TestsPlan {
  readonly stands: Readonly<Record<Stand, number>>;
  readonly byListing: number;
  readonly toProbe: number;
  /** Neither: `CLASSIFY_BY=metadata`, and the listing does not say. */
  readonly undecidable: number;
  readonly requests: RequestForecast;
  /** How many tests the rules in force have decided so far: what `expected` rests on. */
  readonly learnedFrom: number;
}

/** What a run would do with the tests it lists. @param tests in portions */
export async function planTests(
  tests: AsyncIterable<readonly ListedKnown[]> | Iterable<readonly ListedKnown[]>,
  options: PlanTestsOptions,
): Promise<TestsPlan> {
  const stands = { new: 0, interrupted: 0, recheck: 0, error: 0, done: 0 };
  const how = { byListing: 0, toProbe: 0, undecidable: 0 };
  const requests = { low: 0, expected: 0, high: 0 };
  let toAskAgain = options.classifyBy === 'metadata' ? 0 : options.toAskAgain;
  for await (const portion of tests) {
    for (const test of portion) {
      const again = toAskAgain > 0 && test.known.certainty === 'unconfirmed' && !test.known.open;
      if (again) toAskAgain -= 1;
      const stand = again ? 'recheck' : standOf(test.known, options);
      stands[stand] += 1;
      if (stand === 'done') continue;
      const way = wayOf(test, stand, options.classifyBy);
      how[way] += 1;
      if (way !== 'toProbe') continue;
      const more = forecastOf(test.known, options);
      requests.low += more.low;
      requests.expected += more.expected;
      requests.high += more.high;
    }
  }
  const { rows, otherwise } = ruleSets[options.rules];
  const learnedFrom = [...rows, otherwise].reduce((sum, { name }) => sum + (options.mix[name] ?? 0), 0);
  return { stands, ...how, requests: { ...requests, expected: Math.round(requests.expected) }, learnedFrom };
}

function wayOf(
  { declared }: ListedKnown,
  stand: Stand,
  classifyBy: PlanTestsOptions['classifyBy'],
): 'byListing' | 'toProbe' | 'undecidable' {
  if (classifyBy !== 'probe' && declared) return 'byListing';
  return classifyBy === 'metadata' && stand !== 'interrupted' ? 'undecidable' : 'toProbe';
}

function forecastOf(known: Known, { mix, rules, now }: PlanTestsOptions): RequestForecast {
  return requestForecast(usableEvidence(known, now), mix, ruleSets[rules]);
}

/** The answers that a run would not ask for again. */
function usableEvidence({ open, verdict, evidence }: Known, now: number): Evidence {
  if (!open && verdict?.provisionalUntil !== undefined) return found(evidence);
  const lookedAtAgain = verdict !== null && !open;
  return lookedAtAgain || isStale(evidence, now) ? {} : evidence;
}

/** A provisional verdict is asked about once more: for what was absent, not for what was there. */
function found(evidence: Evidence): Evidence {
  const kept = Object.entries(evidence).filter(([probe, { outcome }]) => probe === 'sessions' || outcome === 'present');
  return Object.fromEntries(kept);
}
