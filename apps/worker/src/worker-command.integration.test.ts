import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expectedByProbes } from '@inventory/sandbox';
import { afterEach, describe, expect, it } from 'vitest';
import { allErrors } from '../../../test/support/all-errors.ts';
import { openTestAccount, type TestAccount } from '../../../test/support/open-test-account.ts';

const main = fileURLToPath(new URL('../../../dist/program/main.js', import.meta.url));
const slots = 3;
let opened: TestAccount;
afterEach(() => opened[Symbol.asyncDispose]());

/** A worker in a process of its own, as `npm run worker` starts it. */
function spawnWorker(env: Readonly<Record<string, string>> = {}): ChildProcess {
  const child = spawn(process.execPath, [main, 'worker'], {
    env: { PATH: process.env['PATH'], ...opened.env, LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  opened.use(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  return child;
}

async function open(): Promise<void> {
  opened = await openTestAccount({
    sandbox: { library: { tests: 8, workspaces: 1, seed: 7 }, latency: 400 },
    env: { REQUEST_INTERVAL_MS: '50', WORKER_SLOTS: String(slots) },
  });
  await opened.produceAll();
}

const inFlight = () => opened.sandbox.requests().filter(({ status }) => status === 'pending').length;
const openTests = async () => (await opened.runtime.checkpoints.inventory.totals()).open;

describe('a worker process', () => {
  it('that is killed in the middle of requests repeats those at most, and loses nothing', async () => {
    await open();
    const killed = spawnWorker();
    await expect.poll(inFlight, { timeout: 15_000, interval: 5 }).toBe(slots);
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    opened.sandbox.setLatency(0);
    spawnWorker();
    await expect.poll(openTests, { timeout: 40_000 }).toBe(0);
    const { repeated } = opened.sandbox.statistics().results;
    expect(repeated).toBeGreaterThan(0);
    expect(repeated).toBeLessThanOrEqual(slots);
    const starts = await opened.starts();
    const spacings = starts.slice(1).map((at, index) => at - (starts[index] ?? at));
    expect(Math.min(...spacings), 'of starts in Redis; grants may be used 5 ms late').toBeGreaterThanOrEqual(43);
    for (const test of opened.sandbox.library.tests()) {
      const { platform, testType } = expectedByProbes(test);
      const verdict = (await opened.runtime.checkpoints.inventory.records([test.uuid]))[0]?.verdict;
      expect(verdict?.category).toBe(testType ?? (platform === 'UTZ' ? 'no sessions' : platform));
    }
    expect(await allErrors(opened.runtime.checkpoints)).toEqual([]);
  });

  it('that is stopped lets its requests end, and ends with 0', async () => {
    await open();
    const worker = spawnWorker();
    await expect.poll(inFlight, { timeout: 15_000 }).toBeGreaterThan(0);
    worker.kill('SIGTERM');
    const [code] = await once(worker, 'exit');
    expect(code).toBe(0);
    expect(opened.sandbox.statistics().byStatus).not.toHaveProperty('client-closed');
    expect(await opened.account.queue.counts()).toMatchObject({ active: 0, failed: 0 });
  });

  it('whose credentials are refused ends with 3 and leaves the queue to others', async () => {
    await open();
    const keys = await opened.runtime.client.keys('*');
    const { queuePrefix } = opened.runtime.settings;
    await opened.runtime.client.del(keys.filter((key) => key.startsWith(`${queuePrefix}:token:`)));
    const worker = spawnWorker({ CLIENT_SECRET: 'wrong', QUEUE_PREFIX: opened.env['QUEUE_PREFIX'] ?? '' });
    const [code] = await once(worker, 'exit');
    expect(code).toBe(3);
    expect(await opened.account.queue.held()).toBeNull();
    expect((await opened.account.queue.counts()).waiting).toBe(8);
    expect(opened.requests()).toEqual({});
  });

  it('with settings that are wrong ends with 2 before it asks anybody', async () => {
    await open();
    const worker = spawnWorker({ WORKER_SLOTS: 'many', REQUEST_INTERVAL_MS: '-1' });
    let said = '';
    worker.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const [code] = await once(worker, 'close');
    expect(code).toBe(2);
    expect(said).toContain('WORKER_SLOTS');
    expect(said).toContain('REQUEST_INTERVAL_MS');
  });
});
