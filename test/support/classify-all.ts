import { startWorker } from '@inventory/worker';
import type { TestAccount } from './open-test-account.ts';
import { until } from './until.ts';

/** Works on everything that is enqueued, until no test is open. */
export async function classifyAll({ home, account }: TestAccount): Promise<void> {
  const giveUp = (error: Error): void => {
    throw error;
  };
  const worker = await startWorker({ home, ...account, role: 'test', giveUp });
  await until('no test is open', async () => (await home.checkpoints.inventory.totals()).open === 0);
  await worker.stop();
}
