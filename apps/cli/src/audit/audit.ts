import { randomInt } from 'node:crypto';
import { type Checkpoints, phaseOf } from '@inventory/checkpoints';
import type { LoadedSettings } from '@inventory/config';
import { exitCode, openAccount, openRuntime, UsageError } from '@inventory/runtime';
import type { Answer } from '../answer/answer.ts';
import type { ProgressDisplay } from '../progress/progress-display.ts';
import { type AuditFacts, auditLines } from './audit-lines.ts';
import { auditReport } from './audit-report.ts';
import { runAudit } from './run-audit.ts';
import { sampleDeclared } from './sample-declared.ts';

export interface AuditOptions {
  readonly settings: LoadedSettings;
  /** How many tests to look at. */
  readonly sample: number;
  /** Decides which ones; without it that of an audit of this size that was interrupted, or a random one. */
  readonly seed?: number;
  readonly display: ProgressDisplay;
  readonly signal: AbortSignal;
}

/**
 * Probes a random sample of the tests that their listing declares, and compares. No verdict changes.
 * @returns null when it was interrupted; code 1 when tests disagree or gave no answer
 * @throws UsageError when nothing may be asked of the Results API; what the account and the worker throw
 */
export async function audit({
  settings,
  sample: size,
  display,
  signal,
  ...more
}: AuditOptions): Promise<Answer | null> {
  if (settings.classifyBy === 'metadata') {
    throw new UsageError('CLASSIFY_BY=metadata asks nothing of the Results API: set auto or probe to audit.');
  }
  const runtime = await openRuntime({ settings, name: 'audit', signal });
  const account = openAccount(runtime, signal);
  const { checkpoints } = runtime;
  try {
    await runtime.fill();
    const seed = more.seed ?? (await interruptedSeed(checkpoints, size)) ?? randomInt(1_000_000);
    const { tests, population } = await sampleDeclared(checkpoints, size, seed);
    if (tests.length > 0) {
      account.tokens.start();
      await account.tokens.current();
      await account.queue.release('auth');
      const uuids = tests.map(({ uuid }) => uuid);
      if (!(await runAudit({ runtime, account, selection: `${selectionOf(size)}${seed}`, uuids, display, signal })))
        return null;
    }
    const audited = await checkpoints.known.audited(tests.map(({ uuid }) => uuid));
    const report = auditReport(tests.map((test, index) => ({ test, audited: audited[index] ?? null })));
    const rules = await checkpoints.rules();
    return answerOf({ ...report, sample: tests.length, population, seed, rules });
  } finally {
    await account.close();
    await runtime.close();
  }
}

function answerOf(facts: AuditFacts): Answer {
  const { total, population } = facts;
  const lines =
    population === 0 ? ['No test was declared by its listing: there is nothing to audit.'] : auditLines(facts);
  return { code: total.disagrees + total.failed === 0 ? exitCode.done : exitCode.partial, lines, json: facts };
}

function selectionOf(size: number): string {
  return `audit ${size} `;
}

async function interruptedSeed({ runs }: Checkpoints, size: number): Promise<number | null> {
  const going = (await runs.list()).filter((run) => phaseOf(run) !== 'over');
  const ours = going.map(({ selection }) => selection).filter((selection) => selection.startsWith(selectionOf(size)));
  return ours.length === 0 ? null : Number(ours.at(-1)?.slice(selectionOf(size).length));
}
