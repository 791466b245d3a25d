import type { JudgedTest, TestRecord } from '@inventory/checkpoints';
import {
  type Category,
  nextStep,
  type ProbeName,
  type ProbingRules,
  provisionalUntil,
  type Verdict,
} from '@inventory/classification';

/** What a set of rules says of a test that was probed. */
export type Judgement =
  | { readonly kind: 'same' }
  /** The rules decide, by another rule than the one that did; the category may be the same. */
  | { readonly kind: 'changes'; readonly test: ChangedTest; readonly judged: JudgedTest }
  /** The rules need an answer that nobody has asked for. */
  | { readonly kind: 'lacks'; readonly uuid: string; readonly probe: ProbeName; readonly judged: JudgedTest };

/** A test whose rule changes. */
export interface ChangedTest {
  readonly uuid: string;
  readonly title: string | null;
  readonly from: Category;
  readonly to: Category;
  /** Name of the rule that decides now. */
  readonly rule: string;
}

/** A record with a verdict of the probes. */
export interface ProbedRecord extends Pick<TestRecord, 'uuid' | 'listing' | 'evidence' | 'askedAgain'> {
  readonly verdict: Verdict;
}

/** By what tests are judged anew. */
export interface Yardstick {
  readonly rules: ProbingRules;
  /** How long after a session's end absent data are weak evidence, ms; 0 = never. */
  readonly weakMs: number;
}

/** Judges a probed test anew by the evidence that is stored. */
export function judgeTest(record: ProbedRecord, { rules, weakMs }: Yardstick): Judgement {
  const { uuid, listing, verdict, evidence } = record;
  const step = nextStep(evidence, rules);
  if (step.kind === 'ask') {
    return { kind: 'lacks', uuid, probe: step.probe, judged: { uuid, before: verdict, verdict: null } };
  }
  const { name, category } = step.rule;
  if (name === verdict.rule && category === verdict.category) return { kind: 'same' };
  const until = record.askedAgain ? undefined : provisionalUntil(evidence, rules, weakMs);
  const anew = {
    category,
    rule: name,
    source: 'probed',
    ...(until !== undefined && { provisionalUntil: until }),
  } as const;
  return {
    kind: 'changes',
    test: { uuid, title: listing?.title ?? null, from: verdict.category, to: category, rule: name },
    judged: { uuid, before: verdict, verdict: anew },
  };
}
