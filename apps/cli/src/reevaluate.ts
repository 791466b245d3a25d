import type { Checkpoints, ReevaluatedTest, TestRecord } from '@inventory/checkpoints';
import {
  type Category,
  isStale,
  nextStep,
  type ProbeName,
  provisionalUntil,
  type RuleSetName,
  ruleSets,
  type Verdict,
} from '@inventory/classification';

/** What a rule set says about all probed tests. */
export interface Reevaluation {
  /** Another rule gives the verdict than before; the category may be the same. */
  readonly changes: readonly { readonly test: ChangedTest; readonly reevaluated: ReevaluatedTest }[];
  /** The rules need an answer that is not stored. */
  readonly lacks: readonly LackingTest[];
  /** Number of tests whose verdict comes from the same rule as before. */
  readonly same: number;
  /** Number of tests declared by the listing or imported: rules for probes do not apply. */
  readonly leftAlone: { readonly declared: number; readonly imported: number };
  /** Number of tests without a verdict. */
  readonly undecided: number;
}

export interface ChangedTest {
  readonly testUuid: string;
  readonly title: string | null;
  readonly from: Category;
  readonly to: Category;
  /** Name of the rule that gives the verdict now. */
  readonly rule: string;
}

interface LackingTest {
  readonly uuid: string;
  /** The probe to send first. */
  readonly probe: ProbeName;
  readonly queued: boolean;
  readonly reevaluated: ReevaluatedTest;
}

type ProbedRecord = TestRecord & { readonly verdict: Verdict };

/**
 * Evaluates the stored answers of every probed test with a rule set. Changes nothing.
 * @param weakMs how long after a session's end absent data are weak evidence, ms; 0 = never
 */
export async function reevaluate(
  checkpoints: Checkpoints,
  { rules: name, weakMs }: { readonly rules: RuleSetName; readonly weakMs: number },
): Promise<Reevaluation> {
  const rules = ruleSets[name];
  const changes: Reevaluation['changes'][number][] = [];
  const lacks: LackingTest[] = [];
  const leftAlone = { declared: 0, imported: 0 };
  let same = 0;
  let undecided = 0;
  const now = await checkpoints.now();
  for await (const page of checkpoints.inventory.pages()) {
    for (const { verdict } of page) {
      if (verdict === null) undecided += 1;
      else if (verdict.source !== 'probed') leftAlone[verdict.source] += 1;
    }
    const probed = page.filter(({ verdict }) => verdict?.source === 'probed').map(({ uuid }) => uuid);
    for (const record of (await checkpoints.inventory.records(probed)).filter(isProbed)) {
      const { uuid, verdict: before, evidence } = record;
      const step = nextStep(evidence, rules);
      if (step.kind === 'ask') {
        // Stale answers are not used: the sessions are probed first.
        const probe = isStale(evidence, now) && !record.open ? 'sessions' : step.probe;
        lacks.push({ uuid, probe, queued: record.open, reevaluated: { uuid, before, verdict: null } });
      } else if (step.rule.name === before.rule && step.rule.category === before.category) {
        same += 1;
      } else {
        const until = record.askedAgain ? undefined : provisionalUntil(evidence, rules, weakMs);
        changes.push(changed(record, { ...step.rule, until }));
      }
    }
  }
  return { changes, lacks, same, leftAlone, undecided };
}

function isProbed(record: TestRecord): record is ProbedRecord {
  return record.verdict?.source === 'probed';
}

function changed(
  { uuid, listing, verdict: before }: ProbedRecord,
  {
    name: rule,
    category,
    until,
  }: { readonly name: string; readonly category: Category; readonly until?: number | undefined },
): Reevaluation['changes'][number] {
  const provisional = until === undefined ? {} : { provisionalUntil: until };
  return {
    test: { testUuid: uuid, title: listing?.title ?? null, from: before.category, to: category, rule },
    reevaluated: { uuid, before, verdict: { category, rule, source: 'probed', ...provisional } },
  };
}
