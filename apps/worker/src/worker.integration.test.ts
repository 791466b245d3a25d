import { setTimeout as sleep } from 'node:timers/promises';
import { expectedByProbes, type SandboxOptions } from '@inventory/sandbox';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { allErrors } from '../../../test/support/checkpoints.ts';
import { openTestAccount, type TestAccount } from '../../../test/support/open-test-account.ts';
import { type RunningWorker, startWorker } from './worker.ts';

let opened: TestAccount;
afterEach(() => opened[Symbol.asyncDispose]());

const interval = 40;

async function open(sandbox: SandboxOptions, env: Record<string, string> = {}): Promise<void> {
  opened = await openTestAccount({
    sandbox,
    env: { REQUEST_INTERVAL_MS: String(interval), WORKER_SLOTS: '3', STEP_RETRIES: '5', ...env },
  });
}

async function work(giveUp: (error: Error) => void = () => undefined): Promise<RunningWorker> {
  const { runtime, account } = opened;
  const worker = await startWorker({ runtime, ...account, role: 'worker', giveUp });
  opened.use(() => worker.stop());
  return worker;
}

const totals = () => opened.runtime.checkpoints.inventory.totals();
const allDone = (timeout = 30_000) => expect.poll(async () => (await totals()).open, { timeout }).toBe(0);
const sent = () => Object.values(opened.requests()).reduce((sum, count) => sum + count, 0);

/** Requests that the library needs, each test asked as often as its verdict needs. */
function needed(): number {
  const forKind = { classic: 1, 'no-sessions': 1, 'interaction (video)': 2, 'interaction (all)': 2 } as const;
  const more = { 'interaction (qx)': 3, 'think-out-loud': 4, survey: 4, 'live conversation': 2 } as const;
  const all = { ...forKind, ...more };
  return [...opened.sandbox.library.tests()].reduce((sum, { kind }) => sum + all[kind], 0);
}

async function expectRightVerdicts(): Promise<void> {
  for (const test of opened.sandbox.library.tests()) {
    const { platform, testType } = expectedByProbes(test);
    const verdict = (await opened.runtime.checkpoints.inventory.records([test.uuid]))[0]?.verdict;
    expect([test.kind, verdict?.category]).toEqual([
      test.kind,
      testType ?? (platform === 'UTZ' ? 'no sessions' : platform),
    ]);
  }
}

/** Spacing of the starts in Redis: grants may be used 5 ms late. */
async function expectSpacing(): Promise<void> {
  const starts = await opened.starts();
  const spacings = starts.slice(1).map((at, index) => at - (starts[index] ?? at));
  expect(Math.min(...spacings)).toBeGreaterThanOrEqual(interval - 7);
}

describe('workers', () => {
  it('classify a library with exactly the requests that it needs, at the pace that is set', async () => {
    await open({ library: { tests: 20, workspaces: 2, seed: 3 }, latency: [5, 100] });
    await Promise.all([work(), work()]);
    const run = await opened.produceAll();
    await allDone();
    await expectRightVerdicts();
    expect(sent()).toBe(needed());
    expect(opened.sandbox.statistics().results.repeated).toBe(0);
    await expectSpacing();
    expect(await opened.runtime.checkpoints.runs.read(run.id)).toMatchObject({ selected: 20, open: 0 });
    await opened.runtime.checkpoints.runs.finish(run.id);
    opened.sandbox.resetRequests();
    expect((await opened.produceAll()).resumed).toBe(false);
    await allDone();
    const sessionless = [...opened.sandbox.library.tests()].filter(({ kind }) => kind === 'no-sessions').length;
    expect(sent()).toBe(sessionless);
  });

  it('reach every right verdict through faults of all kinds, and leave no error', async () => {
    const transient = { endpoint: 'results', count: 3, probability: 0.3 } as const;
    await open({
      library: { tests: 12, workspaces: 1, seed: 5 },
      faults: [
        { kind: 'status', status: 503, ...transient },
        { kind: 'reset', ...transient },
        { kind: 'throttle', retryAfter: '1', ...transient, count: 1 },
        { kind: 'cut-body', ...transient, endpoint: 'sessionResults' },
      ],
    });
    await work();
    await opened.produceAll();
    await sleep(300);
    opened.sandbox.revokeTokens();
    await allDone();
    await expectRightVerdicts();
    expect((await totals()).errors).toBe(0);
    await expectSpacing();
  });

  it('take up open tests whose jobs were lost, when they start', async () => {
    await open({ library: { tests: 3, workspaces: 1, seed: 1 } });
    await opened.produceAll();
    await opened.account.queue.bull.obliterate({ force: true });
    await work();
    await allDone();
    await expectRightVerdicts();
  });

  it('that stop let requests end, put their tests back, and repeat nothing later', async () => {
    await open({ library: { tests: 4, workspaces: 1, seed: 2 }, latency: 300 });
    await opened.produceAll();
    const first = await work();
    await expect.poll(sent).toBeGreaterThanOrEqual(2);
    await first.stop();
    const stopped = sent();
    expect(opened.sandbox.requests().every(({ endedAt }) => endedAt !== null)).toBe(true);
    expect(await opened.account.queue.counts()).toMatchObject({ active: 0, failed: 0 });
    expect(await opened.runtime.client.hlen(`${opened.runtime.settings.queuePrefix}:processes`)).toBe(0);
    await sleep(100);
    expect(sent()).toBe(stopped);
    opened.sandbox.setLatency(0);
    await work();
    await allDone();
    expect(sent()).toBe(needed());
  });

  it('wait while the queue is held for a refused account, and go on with a token that works', async () => {
    await open({ library: { tests: 6, workspaces: 1, seed: 2, mix: { survey: 1 } }, faults: [] });
    const id = opened.sandbox.faults.add({ kind: 'status', status: 401, endpoint: 'results' });
    await opened.produceAll();
    await work();
    await expect.poll(() => opened.account.queue.held(), { timeout: 10_000 }).toBe('auth');
    await expect.poll(async () => (await opened.account.queue.counts()).active).toBe(0);
    const refused = sent();
    expect(refused).toBeLessThanOrEqual(2 + 3);
    await sleep(5 * interval);
    expect(sent()).toBe(refused);
    opened.sandbox.faults.remove(id);
    expect(await opened.account.queue.release('auth')).toBe(true);
    await allDone();
    const types = (await allErrors(opened.runtime.checkpoints)).map(([, { type }]) => type);
    expect(new Set(types)).toEqual(new Set(['auth_error']));
    expect((await totals()).byCategory.survey).toBe(6 - types.length);
  });

  it('end at a job of a newer version, which stays in the queue', async () => {
    await open({ library: { tests: 1, workspaces: 1 } });
    const giveUp = vi.fn();
    const worker = await work(giveUp);
    await opened.account.queue.bull.add('test', { testUuid: 'x', v: 2 }, { priority: 10 });
    await expect.poll(() => giveUp.mock.calls.length, { timeout: 5000 }).toBeGreaterThan(0);
    await worker.stop();
    expect(await opened.account.queue.counts()).toEqual({ waiting: 1, active: 0, delayed: 0, failed: 0 });
    expect(sent()).toBe(0);
  });
});

describe('a lock that is lost during a request', () => {
  it.each(['deleted', 'taken by another worker'])('(%s) writes nothing wrong', async (how) => {
    await open({ library: { workspaces: [{ name: 'W' }], tests: [{ kind: 'survey' }] }, latency: 300 });
    const { runtime, account, sandbox } = opened;
    await opened.produceAll();
    const uuid = [...sandbox.library.tests()][0]?.uuid ?? '';
    const job = `${runtime.settings.queuePrefix}:classify:${await account.queue.bull.getDeduplicationJobId(uuid)}`;
    const worker = await work();
    await expect.poll(sent).toBe(1);
    if (how === 'deleted') await runtime.client.del(`${job}:lock`);
    else await runtime.client.set(`${job}:lock`, 'another', 'PX', 60_000);
    await expect
      .poll(async () => Object.keys((await runtime.checkpoints.test.load(uuid)).evidence))
      .toEqual(['sessions']);
    await worker.stop();
    expect(await account.queue.counts()).toEqual({ waiting: 0, active: 1, delayed: 0, failed: 0 });
    expect(await runtime.client.get(`${job}:lock`)).toBe(how === 'deleted' ? null : 'another');
    expect(await totals()).toMatchObject({ open: 1, errors: 0, byCategory: {} });
    expect(sent()).toBe(1);
  });
});
