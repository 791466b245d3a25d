import type { TestRecord } from '@inventory/checkpoints';
import {
  type Evidence,
  isStale,
  type RequestForecast,
  type RuleMix,
  type RuleSetName,
  requestForecast,
  ruleSets,
  type Verdict,
} from '@inventory/classification';
import type { PaceStatus } from '@inventory/queue';

/** Where a test is before a run; it decides what the run would do with it. */
export type Situation = 'new' | 'interrupted' | 'recheck' | 'error' | 'done';

/** What is known about a test from the checkpoints, or from the state files when Redis is lost. */
export type Known = Pick<TestRecord, 'verdict' | 'certainty' | 'evidence' | 'open'> & { readonly failed: boolean };

/** When a run would list the tests. */
export interface Moment {
  /** Start of the interrupted run that would be resumed (epoch ms); null for a new run. */
  readonly runStartedAt: number | null;
  /** Redis' clock, epoch ms. */
  readonly now: number;
}

export interface ListedKnown {
  /** Whether the listing declares its type. */
  readonly declared: boolean;
  readonly known: Known;
}

export interface PlanTestsOptions extends Moment {
  /** How many tests each rule has classified so far. */
  readonly mix: RuleMix;
  readonly rules: RuleSetName;
  readonly classifyBy: 'auto' | 'probe' | 'metadata';
  /** How many tests with an unconfirmed verdict a run probes again. */
  readonly toAskAgain: number;
}

/** What a run would do, in numbers of tests and of Results API requests. */
export interface TestsPlan {
  readonly situations: Readonly<Record<Situation, number>>;
  readonly byListing: number;
  readonly toProbe: number;
  /** Neither: `CLASSIFY_BY=metadata`, and the listing declares no type. */
  readonly undecidable: number;
  readonly requests: RequestForecast;
  /** How many tests the rule set in force has classified so far: the basis of `expected`. */
  readonly learnedFrom: number;
}

/** What a run would do with the tests it lists. @param tests in portions */
export async function planTests(
  tests: AsyncIterable<readonly ListedKnown[]> | Iterable<readonly ListedKnown[]>,
  options: PlanTestsOptions,
): Promise<TestsPlan> {
  const situations = { new: 0, interrupted: 0, recheck: 0, error: 0, done: 0 };
  const how = { byListing: 0, toProbe: 0, undecidable: 0 };
  const requests = { low: 0, expected: 0, high: 0 };
  let toAskAgain = options.classifyBy === 'metadata' ? 0 : options.toAskAgain;
  for await (const portion of tests) {
    for (const test of portion) {
      const again = toAskAgain > 0 && test.known.certainty === 'unconfirmed' && !test.known.open;
      if (again) toAskAgain -= 1;
      const situation = again ? 'recheck' : situationOf(test.known, options);
      situations[situation] += 1;
      if (situation === 'done') continue;
      const way = wayOf(test, situation, options.classifyBy);
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
  return { situations, ...how, requests: { ...requests, expected: Math.round(requests.expected) }, learnedFrom };
}

function wayOf(
  { declared }: ListedKnown,
  situation: Situation,
  classifyBy: PlanTestsOptions['classifyBy'],
): 'byListing' | 'toProbe' | 'undecidable' {
  if (classifyBy !== 'probe' && declared) return 'byListing';
  return classifyBy === 'metadata' && situation !== 'interrupted' ? 'undecidable' : 'toProbe';
}

function forecastOf(known: Known, { mix, rules, now }: PlanTestsOptions): RequestForecast {
  return requestForecast(usableEvidence(known, now), mix, ruleSets[rules]);
}

/** The stored answers that a run would use. */
function usableEvidence({ open, verdict, evidence }: Known, now: number): Evidence {
  if (!open && verdict?.provisionalUntil !== undefined) return presentAnswers(evidence);
  const probedAgain = verdict !== null && !open;
  return probedAgain || isStale(evidence, now) ? {} : evidence;
}

/** A provisional verdict is checked again by asking for what was absent. */
function presentAnswers(evidence: Evidence): Evidence {
  const kept = Object.entries(evidence).filter(([probe, { outcome }]) => probe === 'sessions' || outcome === 'present');
  return Object.fromEntries(kept);
}

/**
 * Where a test is before a run. Tests without sessions are probed again when their verdict is older than the run;
 * tests with a provisional verdict when it is due.
 */
export function situationOf({ verdict, failed, open }: Known, { runStartedAt, now }: Moment): Situation {
  if (open) return 'interrupted';
  if (verdict !== null && !isDueAgain(verdict, { runStartedAt, now })) return 'done';
  if (failed) return 'error';
  return verdict === null ? 'new' : 'recheck';
}

function isDueAgain({ category, at, provisionalUntil }: Verdict, { runStartedAt, now }: Moment): boolean {
  if (provisionalUntil !== undefined) return provisionalUntil <= now;
  return category === 'no sessions' && (runStartedAt === null || at < runStartedAt);
}

/** How long requests take, and when they would be finished. Times in ms and epoch ms. */
export interface PlanTime {
  readonly intervalMs: number;
  /** How long a pause would come first. */
  readonly pausedMs: number;
  readonly ms: RequestForecast;
  /** Null while the circuit is open: it is not known when requests may start. */
  readonly endsAt: RequestForecast | null;
}

/**
 * The time that requests take at the configured interval, or at a longer one of a process that is attached.
 * @param now epoch ms of this machine
 */
export function planTime(requests: RequestForecast, configuredMs: number, pace: PaceStatus, now: number): PlanTime {
  const intervalMs = Math.max(configuredMs, ...pace.processes.map((other) => other.intervalMs));
  const pausedMs = pace.pause === null ? 0 : Math.max(0, pace.pause.until - pace.now);
  const each = (of: (count: number) => number): RequestForecast => ({
    low: of(requests.low),
    expected: of(requests.expected),
    high: of(requests.high),
  });
  const time = (count: number): number => (count === 0 ? 0 : count * intervalMs + pausedMs);
  return {
    intervalMs,
    pausedMs,
    ms: each(time),
    endsAt: pace.circuit === null ? each((count) => now + time(count)) : null,
  };
}
