import { startWorker } from '@inventory/worker';
import type { TestAccount } from './open-test-account.ts';
import { until } from './until.ts';

/** Works on everything that is enqueued, until no test is open. */
export async function classifyAll({ runtime, account }: TestAccount): Promise<void> {
  const giveUp = (error: Error): void => {
    throw error;
  };
  const worker = await startWorker({ runtime, ...account, role: 'test', giveUp });
  await until('no test is open', async () => (await runtime.checkpoints.inventory.totals()).open === 0);
  await worker.stop();
}
