import type { Category } from './category.ts';
import type { Answer, Evidence, ProbeName } from './evidence.ts';
import { nextStep } from './next-step.ts';
import type { ProbingRules } from './rule-sets.ts';

/**
 * How sure a verdict is. `provisional`: it rests on data that were absent, of a session that had just finished.
 * `unconfirmed`: ClassicUT, from 404s of an API that has known no test since. Everything else is `final`.
 */
export const certainties = ['final', 'provisional', 'unconfirmed'] as const;
export type Certainty = (typeof certainties)[number];

/** What a test is, and what that rests on. */
export interface Verdict {
  readonly category: Category;
  /** Name of the rule that gave it. */
  readonly rule: string;
  /** `probed` by the four endpoints, `declared` by the listing, or `imported` from state files. */
  readonly source: 'probed' | 'declared' | 'imported';
  /** When it was given, epoch ms. */
  readonly at: number;
  /**
   * Only for a verdict that rests on absent data of a session that had just finished: from then on (epoch ms) a run
   * probes for that data again.
   */
  readonly provisionalUntil?: number | undefined;
}

/** How sure a verdict is. @param unconfirmed whether the test is one of those that nothing confirms yet */
export function certaintyOf({ category, provisionalUntil }: Verdict, unconfirmed: boolean): Certainty {
  if (unconfirmed && category === 'ClassicUT') return 'unconfirmed';
  return provisionalUntil === undefined ? 'final' : 'provisional';
}

const media = ['video', 'qx', 'transcript'] as const satisfies readonly ProbeName[];

/**
 * Until when a verdict is provisional: recordings, scores and transcripts appear some time after a session has ended, so
 * their absence is weak evidence while the session is fresh. It counts only where the data, had they been there, would
 * have led to another category.
 * @param evidence what the verdict rests on
 * @param weakMs how long after a session's end absence is weak, ms; 0 = never
 * @returns epoch ms; undefined for a verdict that is final
 */
export function provisionalUntil(evidence: Evidence, rules: ProbingRules, weakMs: number): number | undefined {
  const { sessions } = evidence;
  if (!sessions?.sessionId || weakMs === 0) return undefined;
  // A session whose end is not known, or lies ahead, counts from the probe.
  const ended = Math.min(sessions.finishedAt ?? sessions.at, sessions.at);
  const until = ended + weakMs;
  const isWeak = (answer: Answer | undefined): boolean => answer?.outcome === 'absent' && answer.at < until;
  return media.some((probe) => isWeak(evidence[probe]) && decides(evidence, probe, rules)) ? until : undefined;
}

/** Whether the category would be another one if the probe had found something. */
function decides(evidence: Evidence, probe: ProbeName, rules: ProbingRules): boolean {
  const other = nextStep({ ...evidence, [probe]: { outcome: 'present', at: 0 } }, rules);
  const now = nextStep(evidence, rules);
  return other.kind === 'decided' && now.kind === 'decided' && other.rule.category !== now.rule.category;
}
