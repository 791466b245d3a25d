import type { Checkpoints, TestRecord } from '@inventory/checkpoints';
import { isStale, type ProbeName, type RuleSetName, ruleSets } from '@inventory/classification';
import { type Judgement, judgeTest, type ProbedRecord } from './judge-test.ts';

/** What a set of rules says of the whole library. */
export interface JudgedLibrary {
  readonly changes: readonly Extract<Judgement, { kind: 'changes' }>[];
  readonly lacks: readonly (Extract<Judgement, { kind: 'lacks' }> & { readonly queued: boolean })[];
  readonly same: number;
  /** Declared by the listing or imported: no rule of probing concerns them. */
  readonly leftAlone: { readonly declared: number; readonly imported: number };
}

/** Judges every test that was probed by the evidence that is stored; changes nothing. */
export async function judgeLibrary(
  checkpoints: Checkpoints,
  { rules, weakMs }: { readonly rules: RuleSetName; readonly weakMs: number },
): Promise<JudgedLibrary> {
  const changes: Extract<Judgement, { kind: 'changes' }>[] = [];
  const lacks: JudgedLibrary['lacks'][number][] = [];
  const leftAlone = { declared: 0, imported: 0 };
  let same = 0;
  const now = await checkpoints.now();
  for await (const page of checkpoints.inventory.pages()) {
    for (const { verdict } of page) if (verdict && verdict.source !== 'probed') leftAlone[verdict.source] += 1;
    const probed = page.filter(({ verdict }) => verdict?.source === 'probed').map(({ uuid }) => uuid);
    for (const record of (await checkpoints.inventory.records(probed)).filter(isProbed)) {
      const judgement = judgeTest(record, { rules: ruleSets[rules], weakMs });
      if (judgement.kind === 'changes') changes.push(judgement);
      else if (judgement.kind === 'lacks') lacks.push(asked(judgement, record, now));
      else same += 1;
    }
  }
  return { changes, lacks, same, leftAlone };
}

/** Old answers are not used: then the sessions are asked for first. */
function asked(
  lack: Extract<Judgement, { kind: 'lacks' }>,
  { evidence, open }: TestRecord,
  now: number,
): JudgedLibrary['lacks'][number] {
  return { ...lack, probe: isStale(evidence, now) && !open ? 'sessions' : lack.probe, queued: open };
}

function isProbed(record: TestRecord): record is TestRecord & ProbedRecord {
  return record.verdict?.source === 'probed';
}

/** How many tests lack the answer of each probe first. */
export function lackedProbes({ lacks }: Pick<JudgedLibrary, 'lacks'>): Partial<Record<ProbeName, number>> {
  const counts: Partial<Record<ProbeName, number>> = {};
  for (const { probe } of lacks) counts[probe] = (counts[probe] ?? 0) + 1;
  return counts;
}
