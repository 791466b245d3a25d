import { readWorkTotals, WorkCounts } from '@inventory/metrics';
import type { LoggedRequest } from '@inventory/sandbox';
import { createResultsClient } from '@inventory/usertesting';
import { afterEach, expect, it } from 'vitest';
import { openTestAccount, type TestAccount } from '../../../test/support/open-test-account.ts';
import { startProgram } from '../../../test/support/program.ts';
import { countedResults, startWorker } from './worker.ts';

let opened: TestAccount;
afterEach(() => opened[Symbol.asyncDispose]());

const endpoints = { sessions: 'sessionResults', video: 'videoDownloadUrl', qx: 'qxScores', transcript: 'transcript' };
const asCounted: Readonly<Record<string, string>> = { reset: 'network_error', 'cut-body': '200' };

/** How often each endpoint answered with each status, as the sandbox saw it. */
function seen(): Record<string, number> {
  const results = opened.sandbox.requests().filter(({ endpoint }) => Object.values(endpoints).includes(endpoint));
  const key = ({ endpoint, status }: LoggedRequest) => `${endpoint} ${asCounted[status] ?? status}`;
  return tally(results.map(key));
}

function tally(keys: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

const totals = () => readWorkTotals(opened.runtime.keyspace);
const open = async () => (await opened.runtime.checkpoints.inventory.totals()).open;

async function counted(): Promise<Record<string, number>> {
  const named = new Map(Object.entries(endpoints));
  return Object.fromEntries(
    (await totals()).requests.map(({ probe, status, count }) => [`${named.get(probe)} ${status}`, count]),
  );
}

it('the requests counted are those that the API saw, by endpoint and status', async () => {
  const often = { endpoint: 'results', probability: 0.3 } as const;
  opened = await openTestAccount({
    sandbox: {
      library: { tests: 15, workspaces: 1, seed: 5 },
      faults: [
        { kind: 'status', status: 503, ...often, count: 4 },
        { kind: 'status', status: 403, ...often, count: 1 },
        { kind: 'reset', ...often, count: 3 },
        { kind: 'throttle', retryAfter: '1', ...often, count: 2 },
      ],
    },
    env: { STEP_RETRIES: '5' },
  });
  const { runtime, account, sandbox } = opened;
  // A 404 whose body is cut off would be counted as one.
  const testUuid = [...sandbox.library.tests()].find(({ kind }) => kind !== 'classic')?.uuid ?? '';
  sandbox.faults.add({ kind: 'cut-body', count: 2, endpoint: 'sessionResults', testUuid });
  await opened.produceAll();
  const worker = await startWorker({ runtime, ...account, role: 'worker', giveUp: () => undefined });
  await expect.poll(async () => (await totals()).requests.length, { timeout: 10_000 }).toBeGreaterThan(0);
  sandbox.revokeTokens();
  await expect.poll(open, { timeout: 40_000 }).toBe(0);
  await worker.stop();
  expect(await counted()).toEqual(seen());
  const { retries, errors, durations, limitedMs } = await totals();
  const failed = sandbox.requests().filter(({ status }) => [503, 'reset', 'cut-body'].includes(status));
  expect(retries.reduce((sum, { count }) => sum + count, 0)).toBe(failed.length);
  expect(errors).toEqual([{ type: 'unclassified_error', count: 1 }]);
  expect(durations.reduce((sum, { count }) => sum + count, 0)).toBe(
    Object.values(seen()).reduce((sum, count) => sum + count, 0),
  );
  expect(limitedMs).toBeGreaterThanOrEqual(1000);
  expect(limitedMs).toBeLessThan(4000);
});

it('two worker processes that are stopped leave behind the counts of both', async () => {
  opened = await openTestAccount({
    sandbox: { library: { tests: 20, workspaces: 1, seed: 7 }, latency: 20 },
    env: { REQUEST_INTERVAL_MS: '20', WORKER_SLOTS: '1', LOG_LEVEL: 'info' },
  });
  const workers = [1, 2].map(() => startProgram('worker', [], opened.env));
  for (const worker of workers) opened.use(async () => worker.kill('SIGKILL'));
  await Promise.all(workers.map((worker) => worker.said('ready for tests')));
  await opened.produceAll();
  await expect.poll(open, { timeout: 30_000 }).toBe(0);
  for (const worker of workers) worker.kill('SIGTERM');
  const ends = await Promise.all(workers.map(({ ended }) => ended));
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);
  for (const { stderr } of ends) expect(stderr).toContain('classified');
  expect(await counted()).toEqual(seen());
});

it('an id that fits into no address is refused unsent, and is not counted', async () => {
  opened = await openTestAccount({ sandbox: { library: { tests: 1, workspaces: 1 } } });
  const counts = new WorkCounts(opened.runtime.keyspace, opened.runtime.logger);
  const results = createResultsClient({ baseUrl: opened.sandbox.url, requestTimeoutMs: 500 });
  opened.use(async () => results.close());
  const client = countedResults(results, counts);
  await expect(client.ask('sessions', { testUuid: '..', sessionId: null }, 'x')).rejects.toThrow();
  await counts.written();
  expect((await totals()).requests).toEqual([]);
});
