import type { JudgedTest, Reclassified } from '@inventory/checkpoints';
import type { RuleSetName } from '@inventory/classification';
import { Pace, TestQueue } from '@inventory/queue';
import type { Runtime } from '@inventory/runtime';

/** Under this name the run of the tests that are asked about again is found again. */
const selection = 'reclassify';
const batch = 200;

/**
 * Gives tests their verdict by the rules in force, and enqueues those that lack an answer as a run of their own. What
 * was done before an interruption stays done, and the same call again does the rest.
 * @throws RulesChangedError, RunLostError
 */
export async function applyRules(
  { checkpoints, client, settings }: Runtime,
  rules: RuleSetName,
  tests: { readonly changes: readonly JudgedTest[]; readonly lacks: readonly JudgedTest[] },
): Promise<Reclassified> {
  const { changed } = await checkpoints.known.reclassify({ rules, run: null }, tests.changes);
  if (tests.lacks.length === 0) return { changed, opened: [] };
  const { queuePrefix: prefix, requestIntervalMs } = settings;
  const queue = new TestQueue(client, prefix, new Pace(client, prefix, requestIntervalMs));
  try {
    const { id: run } = await checkpoints.runs.start(selection);
    const opened: string[] = [];
    for (let from = 0; from < tests.lacks.length; from += batch) {
      const portion = await checkpoints.known.reclassify({ rules, run }, tests.lacks.slice(from, from + batch));
      await queue.enqueue(portion.opened.map((uuid) => ({ uuid, why: 'recheck' })));
      opened.push(...portion.opened);
    }
    await checkpoints.runs.markListed(run);
    return { changed, opened: opened };
  } finally {
    await queue.close();
  }
}
