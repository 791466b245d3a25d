import type { Account, Runtime } from '@inventory/runtime';
import { startWorker } from '@inventory/worker';
import type { ProgressDisplay } from '../progress/progress-display.ts';
import { quiet } from '../progress/quiet.ts';
import { watchRun } from '../start/watch-run.ts';

export interface RunAuditOptions {
  readonly runtime: Runtime;
  readonly account: Account;
  /** Under this name an audit that was interrupted is found again. */
  readonly selection: string;
  readonly uuids: readonly string[];
  readonly display: ProgressDisplay;
  readonly signal: AbortSignal;
}

/**
 * Has tests probed at the normal pace, behind everything that waits, by the workers there are and by one of its own.
 * @returns false when it was interrupted; the same audit goes on where it was
 * @throws RunLostError, QueueHeldError, GaveUpError, CircuitOpenError, and whatever makes its worker give up
 */
export async function runAudit(options: RunAuditOptions): Promise<boolean> {
  const { runtime, account, selection, uuids, display, signal } = options;
  const { runs } = runtime.checkpoints;
  const stopping = new AbortController();
  let fatal: Error | null = null;
  const giveUp = (error: Error): void => {
    fatal ??= error;
    stopping.abort();
  };
  const run = await runs.start(selection);
  if (run.resumed) display.say('Going on with the audit that was interrupted.');
  const taken = await runtime.checkpoints.known.audit(run.id, uuids);
  await account.queue.enqueue(taken.map((uuid) => ({ uuid, why: 'recheck' })));
  await runs.markListed(run.id);
  const worker = await startWorker({ runtime: quiet(runtime), ...account, role: 'audit', giveUp });
  try {
    await watchRun({
      runtime,
      account,
      display,
      feed: { read: async () => [] },
      runId: () => run.id,
      listed: AbortSignal.abort(),
      signal: AbortSignal.any([signal, stopping.signal]),
    });
  } finally {
    await worker.stop();
    display.end();
  }
  if (fatal !== null) throw fatal;
  if (signal.aborted) return false;
  await runs.finish(run.id);
  return true;
}
