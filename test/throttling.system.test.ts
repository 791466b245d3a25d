import { setTimeout as sleep } from 'node:timers/promises';
import { type PaceStatus, readPaceStatus } from '@inventory/queue';
import { Keyspace } from '@inventory/redis';
import type { Fault, SandboxOptions } from '@inventory/sandbox';
import { expect, it } from 'vitest';
import { libraryOf, openSystemBench, type SystemBench } from './support/system-bench.ts';
import { until } from './support/until.ts';

const second = 1_000;
const minute = 60 * second;
/** What clocks and deliveries may differ by. */
const jitter = 25;

type AfterTest = (work: () => Promise<void>) => void;

function openBench(afterTest: AfterTest, settings: Record<string, string> = {}, sandbox: SandboxOptions = {}) {
  const library = libraryOf('survey', 'classic', 'think-out-loud', 'interaction (qx)');
  return openSystemBench({ afterTest, sandbox: { library, ...sandbox }, settings: { WORKER_SLOTS: '1', ...settings } });
}

/** Waits until everything pauses. */
async function paused({ redis, prefix }: SystemBench): Promise<NonNullable<PaceStatus['pause']> & { leftMs: number }> {
  for (;;) {
    const { pause, now } = await readPaceStatus(new Keyspace(redis, prefix));
    if (pause !== null) return { ...pause, leftMs: pause.until - now };
    await sleep(5);
  }
}

const refusal = (headers: Record<string, string>, count = 1): Fault => ({
  kind: 'status',
  status: 429,
  endpoint: 'results',
  headers,
  count,
});

const dateIn = (ms: number): string => new Date(Date.now() + ms).toUTCString();

it.concurrent.for([
  ['for as many seconds as Retry-After says', () => ({ 'retry-after': '240' }), 240 * second],
  ['until the date that Retry-After says', () => ({ 'retry-after': dateIn(240 * second) }), 240 * second],
  ['for as many seconds as x-ratelimit-reset says', () => ({ 'x-ratelimit-reset': '120' }), 120 * second],
  ['for a minute when the answer says nothing', () => ({}), minute],
  ['for a minute when Retry-After is nonsense', () => ({ 'retry-after': '-1.5e3' }), minute],
  ['for an hour when Retry-After asks for a day', () => ({ 'retry-after': '86400' }), 60 * minute],
] as const)(
  'a 429 pauses everybody %s; log and progress say why and until when',
  async ([, headers, ms], { onTestFinished }) => {
    const bench = await openBench(onTestFinished);
    bench.sandbox.faults.add(refusal(headers()));
    const program = bench.launch('cli', ['start', '--all']);
    const { leftMs, cause } = await paused(bench);
    expect(cause).toBe('refused');
    expect(leftMs).toBeLessThanOrEqual(ms);
    // What a busy machine takes from the test's beginning until now.
    expect(leftMs).toBeGreaterThan(ms - 30 * second);
    await program.said(/\[INFO\] Limited by the API \(429\): pausing for .+, until .*\d\d:\d\d:\d\d\n/);
    await program.said('limited by the API (429): everything pauses');
    expect(bench.asked()).toHaveLength(1);
  },
);

it.concurrent.for(['0', '20'])(
  'at REQUEST_INTERVAL_MS=%s no worker asks anything during a pause, and a 429 is no failed try',
  async (interval, { onTestFinished }) => {
    const settings = { REQUEST_INTERVAL_MS: interval, STEP_RETRIES: '0' };
    const bench = await openBench(onTestFinished, settings);
    bench.sandbox.faults.add({ ...refusal({ 'retry-after': '2' }, 3), skip: 2 });
    const workers = [1, 2].map(() => bench.launch('worker'));
    expect(await bench.start()).toEndWith({ code: 0 });
    expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
    const asked = bench.asked();
    const refused = asked.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(3);
    for (const { at, endedAt } of refused) {
      // Those that were on their way already when the first one was refused.
      const during = asked.filter((other) => other.at > (endedAt ?? at) + 500 && other.at < at + 2 * second - jitter);
      expect(during).toEqual([]);
    }
    expect(asked).toHaveLength(bench.least() + refused.length);
    for (const worker of workers) worker.kill('SIGTERM');
    for (const worker of workers) expect(await worker.ended).toEndWith({ code: 0 });
  },
);

it.concurrent('a pause is not cut short by a later 429 that asks for less', async ({ onTestFinished }) => {
  const settings = { WORKER_SLOTS: '3', REQUEST_INTERVAL_MS: '0' };
  const bench = await openBench(onTestFinished, settings, { latency: { sessionResults: 500 } });
  for (const seconds of ['1', '300', '2']) bench.sandbox.faults.add(refusal({ 'retry-after': seconds }));
  const program = bench.launch('cli', ['start', '--all']);
  await until('three refusals', () => program.stderr().match(/everything pauses/g)?.length === 3, 30_000);
  expect((await paused(bench)).leftMs).toBeGreaterThan(290 * second);
  expect(bench.asked()).toHaveLength(3);
});

it.concurrent('a pause holds over a kill and a restart', async ({ onTestFinished }) => {
  const bench = await openBench(onTestFinished);
  bench.sandbox.faults.add(refusal({ 'retry-after': '8' }));
  const program = bench.launch('cli', ['start', '--all']);
  await paused(bench);
  program.kill('SIGKILL');
  await program.ended;
  expect(await bench.start()).toEndWith({ code: 0 });
  const [refused, next] = bench.asked();
  expect(refused?.status).toBe(429);
  expect((next?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThan(8 * second - jitter);
  expect(bench.asked()).toHaveLength(bench.least() + 1);
});

it.concurrent('pauses double from a minute while nothing but 429 comes, and begin anew after an answer', async ({
  onTestFinished,
}) => {
  const bench = await openBench(onTestFinished);
  const { sandbox, redis, prefix } = bench;
  const fault = sandbox.faults.add(refusal({}, 100));
  await bench.launch('producer', ['--all']).ended;
  /** How long everybody pauses after the next request of a worker that comes when the pause before has ended. */
  const nextPauseMs = async (): Promise<number> => {
    await redis.hset(`${prefix}:pause`, 'until', Date.now() - 1);
    await redis.unlink(`${prefix}:classify:limiter`);
    const worker = bench.launch('worker');
    const { leftMs } = await paused(bench);
    await until('the job is back', async () => (await redis.llen(`${prefix}:classify:active`)) === 0);
    worker.kill('SIGKILL');
    await worker.ended;
    return leftMs;
  };
  expect(await nextPauseMs()).toBeLessThanOrEqual(minute);
  for (const minutes of [2, 4]) expect(await nextPauseMs()).toBeGreaterThan((minutes - 0.5) * minute);
  sandbox.faults.remove(fault);
  sandbox.faults.add({ ...refusal({}), skip: 1 });
  expect(await nextPauseMs()).toBeLessThanOrEqual(minute);
});

it.concurrent('an hour of nothing but 429 ends npm start with 1 and says so; the work is kept, and the next start finishes it', async ({
  onTestFinished,
}) => {
  const bench = await openBench(onTestFinished);
  const { sandbox, redis, prefix } = bench;
  sandbox.faults.add(refusal({ 'retry-after': '1' }, 100));
  const program = bench.launch('cli', ['start', '--all']);
  await paused(bench);
  await redis.hset(`${prefix}:pause`, 'since', Date.now() - 61 * minute);
  const gaveUp = await program.ended;
  expect(gaveUp).toEndWith({ code: 1 });
  expect(gaveUp.stderr).toContain('For an hour the API has answered nothing but 429');
  const { errors } = await bench.files();
  expect(Object.values(errors)).toMatchObject([{ type: 'rate_limited_then_failed', status: 429 }]);
  sandbox.faults.clear();
  expect(await bench.start()).toEndWith({ code: 0 });
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
});

it.concurrent('x-ratelimit-remaining 0 pauses where others use the account, so that no request is refused', async ({
  onTestFinished,
}) => {
  const bench = await openBench(onTestFinished, {}, { limit: 6, windowMs: 4_000, latency: { listing: 500 } });
  const program = bench.launch('cli', ['start', '--all']);
  await until('the listing', () => bench.sandbox.requests().some(({ endpoint }) => endpoint === 'listing'), 30_000);
  bench.sandbox.limiter.take(5);
  expect((await paused(bench)).cause).toBe('rate used up');
  await program.said("Another program is using up this account's rate");
  await program.said(/\[INFO\] .+: pausing for \d s, until/);
  bench.sandbox.limiter.configure({ limit: 0 });
  expect(await program.ended).toEndWith({ code: 0 });
  const [first, next] = bench.asked();
  expect((next?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(3 * second);
  expect(bench.asked().filter(({ status }) => status === 429)).toEqual([]);
  expect(bench.asked()).toHaveLength(bench.least());
});

it.concurrent('x-ratelimit-remaining 0 is no reason to pause for somebody who uses exactly the allowed rate', async ({
  onTestFinished,
}) => {
  const bench = await openBench(onTestFinished, { REQUEST_INTERVAL_MS: '450' }, { limit: 3, windowMs: 1_200 });
  const ended = await bench.start();
  expect(ended).toEndWith({ code: 0 });
  expect(ended.stdout + ended.stderr).not.toMatch(/pausing|resting/);
  expect(bench.asked()).toHaveLength(bench.least());
});
