import type { JudgedTest, Reclassified } from '@inventory/checkpoints';
import type { RuleSetName } from '@inventory/classification';
import { enqueueRun } from '@inventory/queue';
import { openQueue, type Runtime } from '@inventory/runtime';

/** Under this name the run of the tests that are asked about again is found again. */
const selection = 'reclassify';

/**
 * Gives tests their verdict by the rules in force, and enqueues those that lack an answer as a run of their own. What
 * was done before an interruption stays done, and the same call again does the rest.
 * @throws RulesChangedError, RunLostError
 */
export async function applyRules(
  runtime: Runtime,
  rules: RuleSetName,
  tests: { readonly changes: readonly JudgedTest[]; readonly lacks: readonly JudgedTest[] },
): Promise<Reclassified> {
  const { runs, known } = runtime.checkpoints;
  const { changed } = await known.reclassify({ rules, run: null }, tests.changes);
  if (tests.lacks.length === 0) return { changed, opened: [] };
  const { queue } = openQueue(runtime);
  const select = async (run: string) => (await known.reclassify({ rules, run }, tests.lacks)).opened;
  const enqueued = enqueueRun({ runs, queue, selection, why: 'recheck', select });
  return { changed, opened: (await enqueued.finally(() => queue.close())).uuids };
}
