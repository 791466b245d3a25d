import type { Fault, TestKind } from '@inventory/sandbox';
import { describe, it } from 'vitest';
import { libraryOf, openSystemBench, type SystemBench } from './support/system-bench.ts';

const kinds: readonly TestKind[] = ['survey', 'think-out-loud', 'interaction (qx)', 'classic', 'interaction (video)'];
const library = (size: number) =>
  libraryOf(...Array.from({ length: size }, (_, index) => kinds[index % 5] ?? 'survey'));
const settings = { REQUEST_INTERVAL_MS: '50', REQUEST_TIMEOUT_MS: '1000', STEP_RETRIES: '2', WORKER_SLOTS: '4' };

/** Requests that open a circuit, those in flight then, and one that probes on a busy machine. */
const mostInVain = 5 + 4 + 1;

const outages: readonly (readonly [what: string, fault: Fault])[] = [
  ['503', { kind: 'status', status: 503 }],
  [
    '502 in HTML',
    { kind: 'status', status: 502, body: '<html>Bad Gateway</html>', headers: { 'content-type': 'text/html' } },
  ],
  ['resets', { kind: 'reset' }],
  ['no answer', { kind: 'hang' }],
  ['a page of HTML', { kind: 'not-json', endpoint: 'sessionResults' }],
];

const inVain = ({ sandbox }: SystemBench) => sandbox.requests().filter(({ faultId }) => faultId !== null).length;

describe.concurrent('an outage of the Results API', () => {
  it.concurrent('after which only answers come that are not the API’s ends in an error per test', async ({
    expect,
    onTestFinished,
  }) => {
    const bench = await openSystemBench({
      afterTest: onTestFinished,
      sandbox: { library: libraryOf('survey', 'survey') },
      settings,
    });
    bench.sandbox.faults.add({ kind: 'status', status: 404, body: '', endpoint: 'results', skip: 5 });
    bench.sandbox.faults.add({ kind: 'status', status: 503, endpoint: 'results', count: 5 });
    const waits = setInterval(() => void waitIsOver(bench), 500);
    onTestFinished(() => clearInterval(waits));
    const ended = await bench.start();
    expect(ended).toEndWith({ code: 1 });
    const types = Object.values((await bench.files()).errors).map(({ type }) => type);
    expect(types).toEqual(['invalid_response', 'invalid_response']);
  });

  it.concurrent.for(outages)(
    'of %s is the queue’s trouble, and ends in no error',
    async ([, fault], { expect, onTestFinished }) => {
      const bench = await openSystemBench({ afterTest: onTestFinished, sandbox: { library: library(40) }, settings });
      bench.sandbox.faults.add({ endpoint: 'results', ...fault, skip: 12, forMs: 20_000 });
      const program = bench.launch('cli', ['start', '--all']);
      await expect.poll(() => bench.redis.hget(`${bench.prefix}:circuit`, 'cause')).toBe('outage');
      bench.sandbox.faults.clear();
      const ended = await program.ended;
      expect(ended).toEndWith({ code: 0 });
      expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
      expect(inVain(bench)).toBeLessThanOrEqual(mostInVain);
      // A control may be asked in the place of a test that failed before.
      expect(bench.asked().length - bench.least() - inVain(bench)).toBeOneOf([0, 1]);
      expect(await bench.redis.exists(`${bench.prefix}:circuit`, `${bench.prefix}:failures`)).toBe(0);
    },
  );

  it.concurrent('is told from one test’s own failures, which are recorded', async ({ expect, onTestFinished }) => {
    const bench = await openSystemBench({ afterTest: onTestFinished, sandbox: { library: library(20) }, settings });
    const [first] = bench.tests;
    bench.sandbox.faults.add({ kind: 'status', status: 500, testUuid: first?.uuid });
    expect(await bench.start()).toEndWith({ code: 1 });
    expect(Object.keys((await bench.files()).errors)).toEqual([first?.uuid]);
    expect(bench.asked(first?.uuid)).toHaveLength(3);
  });

  it.concurrent('of which one test is left is recorded when its tries have run out', async ({
    expect,
    onTestFinished,
  }) => {
    const bench = await openSystemBench({ afterTest: onTestFinished, sandbox: { library: library(1) }, settings });
    bench.sandbox.faults.add({ kind: 'status', status: 503, endpoint: 'results' });
    expect(await bench.start()).toEndWith({ code: 1 });
    expect(bench.asked()).toHaveLength(3);
  });

  it.concurrent('is over when the API answers, whatever it says: a 429 starts its own pause', async ({
    expect,
    onTestFinished,
  }) => {
    const bench = await openSystemBench({ afterTest: onTestFinished, sandbox: { library: library(20) }, settings });
    bench.sandbox.faults.add({ kind: 'status', status: 503, endpoint: 'results', skip: 4, count: 5 });
    bench.sandbox.faults.add({ kind: 'throttle', retryAfter: '2', endpoint: 'results', skip: 4, count: 1 });
    const ended = await bench.start();
    expect(ended).toEndWith({ code: 0 });
    expect((await bench.files()).errors).toEqual({});
  });
});

describe.concurrent('a 503 with Retry-After', () => {
  it.concurrent('has everybody wait as long as it asks', async ({ expect, onTestFinished }) => {
    const bench = await openSystemBench({ afterTest: onTestFinished, sandbox: { library: library(10) }, settings });
    bench.sandbox.faults.add({
      kind: 'status',
      status: 503,
      headers: { 'retry-after': '3' },
      endpoint: 'results',
      skip: 5,
      count: 1,
    });
    expect(await bench.start()).toEndWith({ code: 0 });
    const times = bench.asked().map(({ at }) => at);
    const longest = Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? at)));
    // Those that were in flight arrive up to a moment after it.
    expect(longest).toBeGreaterThan(2_500);
  });
});

/** Lets the wait of an open circuit be over. */
async function waitIsOver({ redis, prefix }: SystemBench): Promise<void> {
  if ((await redis.exists(`${prefix}:circuit`)) === 0) return;
  await redis.hset(`${prefix}:circuit`, 'until', 1);
  await redis.del(`${prefix}:classify:limiter`);
}
