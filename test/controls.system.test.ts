import { expectedByProbes, type Fault, type TestKind } from '@inventory/sandbox';
import { describe, it } from 'vitest';
import { libraryOf, openSystemBench } from './support/system-bench.ts';

/** A gateway that answers JSON, so that nothing tells its 404 from the API's. */
const gateway = {
  kind: 'status',
  status: 404,
  body: { message: 'no Route matched with those values' },
  endpoint: 'results',
} as const satisfies Fault;

const many = (count: number, kind: TestKind): TestKind[] => Array.from({ length: count }, () => kind);
/** A permit that takes longer than half an interval is not used: at 20 ms a busy machine hardly ever gets to a question. */
const settings = { REQUEST_INTERVAL_MS: '50', WORKER_SLOTS: '3' };

describe.concurrent('a gateway that answers 404 in JSON for every test', () => {
  it.concurrent('holds the queue after 25 verdicts; they are taken back, and a control ends it', async ({
    expect,
    onTestFinished,
  }) => {
    const kinds = [...many(4, 'survey'), ...many(60, 'interaction (video)')];
    const bench = await openSystemBench({
      afterTest: onTestFinished,
      sandbox: { library: libraryOf(...kinds) },
      settings,
    });
    bench.sandbox.faults.add({ ...gateway, skip: 16 });
    const program = bench.launch('cli', ['start', '--all']);
    const circuit = () => bench.redis.hget(`${bench.prefix}:circuit`, 'cause');
    await expect.poll(circuit).toBe('controls');
    const why = await bench.redis.hget(`${bench.prefix}:circuit`, 'why');
    expect(why).toMatch(/^the Results API answers 404 for tests that it knew at \d{4}-/);
    const counts = await bench.redis.hgetall(`${bench.prefix}:counts`);
    expect(counts['ClassicUT|sessions-not-found']).toBe('0');
    await expect.poll(async () => (await bench.files()).classic).toEqual([]);
    const askedBefore = bench.asked().length;
    // 25 verdicts, what was in flight, two controls.
    expect(askedBefore).toBeLessThanOrEqual(16 + 25 + 3 + 2 + 1);
    bench.sandbox.faults.clear();
    const ended = await program.ended;
    expect(ended).toEndWith({ code: 0 });
    expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
    expect(await circuit()).toBeNull();
  });
});

describe.concurrent('a hold', () => {
  it.concurrent.for(['circuit', 'controls', 'question', 'failing'])(
    'ends only when a test is known again, also where Redis loses its %s',
    async (lost, { expect, onTestFinished }) => {
      const kinds = [...many(4, 'survey'), ...many(30, 'interaction (video)')];
      const bench = await openSystemBench({
        afterTest: onTestFinished,
        sandbox: { library: libraryOf(...kinds) },
        settings,
      });
      bench.sandbox.faults.add({ ...gateway, skip: 16 });
      const program = bench.launch('cli', ['start', '--all']);
      const circuit = () => bench.redis.hget(`${bench.prefix}:circuit`, 'cause');
      await expect.poll(circuit).toBe('controls');
      const before = bench.asked().length;
      await bench.redis.del(`${bench.prefix}:${lost}`);
      await expect.poll(circuit).toBe('controls');
      await expect.poll(() => bench.asked().length).toBeGreaterThan(before);
      // One request after five seconds, not one per turn.
      expect(bench.asked().length).toBeLessThan(before + 6);
      bench.sandbox.faults.clear();
      const ended = await program.ended;
      expect(ended).toEndWith({ code: 0 });
      expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
    },
  );
});

describe.concurrent('a library of ClassicUT tests', () => {
  it.concurrent('costs one question to a control per 25 of them', async ({ expect, onTestFinished }) => {
    const library = libraryOf('survey', ...many(60, 'classic'));
    const bench = await openSystemBench({
      afterTest: onTestFinished,
      sandbox: { library },
      settings: { ...settings, WORKER_SLOTS: '1' },
    });
    expect(await bench.start()).toEndWith({ code: 0 });
    expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
    expect(bench.asked()).toHaveLength(bench.least() + 2);
    const control = bench.tests.find((test) => expectedByProbes(test).platform === 'UTZ');
    expect(bench.asked(control?.uuid, 'sessionResults')).toHaveLength(3);
  });

  it.concurrent('goes on when one control was deleted and the second is known', async ({ expect, onTestFinished }) => {
    const library = libraryOf('survey', 'survey', ...many(30, 'classic'));
    const bench = await openSystemBench({
      afterTest: onTestFinished,
      sandbox: { library },
      settings: { ...settings, WORKER_SLOTS: '1' },
    });
    const [, last] = bench.tests;
    bench.sandbox.faults.add({ ...gateway, testUuid: last?.uuid, endpoint: 'sessionResults', skip: 1 });
    expect(await bench.start()).toEndWith({ code: 0 });
    expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
    expect(bench.asked()).toHaveLength(bench.least() + 2);
  });

  it.concurrent('goes on, unconfirmed, when its two controls answer 500 for reasons of their own', async ({
    expect,
    onTestFinished,
  }) => {
    const bench = await openSystemBench({
      afterTest: onTestFinished,
      sandbox: { library: libraryOf('survey', 'survey', ...many(40, 'classic')) },
      settings: { ...settings, STEP_RETRIES: '1' },
    });
    for (const { uuid, kind } of bench.tests) {
      const sick = { kind: 'status', status: 500, testUuid: uuid, endpoint: 'sessionResults', skip: 1 } as const;
      if (kind === 'survey') bench.sandbox.faults.add(sick);
    }
    const ended = await bench.start();
    expect(ended).toEndWith({ code: 1 });
    expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
    expect(ended.stdout).toContain('[WARN] every test was answered 404');
  });

  it.concurrent('that only the listing declares otherwise is unconfirmed, and said', async ({
    expect,
    onTestFinished,
  }) => {
    const untyped = many(30, 'classic').map((kind) => ({ kind, type: null, productType: null }));
    const tests = [...untyped, { kind: 'survey' as const }, { kind: 'survey' as const }];
    const bench = await openSystemBench({
      afterTest: onTestFinished,
      sandbox: { library: { workspaces: [{ name: 'W' }], tests }, metadata: true },
      settings: { ...settings, CLASSIFY_BY: 'auto' },
    });
    bench.sandbox.faults.add(gateway);
    const ended = await bench.start();
    expect(ended).toEndWith({ code: 1 });
    expect(ended.stdout).toContain('\nW: 32 tests listed, 2 with their type, 30 to probe\n');
    expect(ended.stdout).not.toContain('declared-');
    expect(ended.stdout).toContain('[WARN] every test was answered 404');
    expect(await bench.redis.scard(`${bench.prefix}:unconfirmed`)).toBeGreaterThanOrEqual(25);
  });
});

describe.concurrent('an API that answers 404 for every test, where there is no control', () => {
  it.concurrent('leaves no wrong type once it knows one of these tests: all are probed again', async ({
    expect,
    onTestFinished,
  }) => {
    const bench = await openSystemBench({
      afterTest: onTestFinished,
      sandbox: { library: libraryOf(...many(11, 'survey'), 'classic') },
      settings,
    });
    bench.sandbox.faults.add(gateway);
    expect(await bench.start()).toEndWith({ code: 1 });
    bench.sandbox.faults.clear();
    expect(await bench.start()).toEndWith({ code: 0 });
    expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
    expect(bench.asked().length).toBeLessThanOrEqual(12 + bench.least() + 1);
  });

  it.concurrent('leaves verdicts unconfirmed: exit 1, three asked once more at the next start, and no more ever', async ({
    expect,
    onTestFinished,
  }) => {
    const bench = await openSystemBench({
      afterTest: onTestFinished,
      sandbox: { library: libraryOf(...many(12, 'survey')) },
      settings,
    });
    bench.sandbox.faults.add(gateway);
    const first = await bench.start();
    expect(first).toEndWith({ code: 1 });
    expect(first.stdout).toContain('[WARN] every test was answered 404');
    expect(bench.asked()).toHaveLength(12);
    await bench.start();
    expect(bench.asked()).toHaveLength(15);
    await bench.start();
    expect(bench.asked()).toHaveLength(15);
    const [some] = bench.tests;
    const explained = await bench.launch('cli', ['explain', some?.uuid ?? '']).ended;
    expect(explained.stdout).toMatch(/unconfirmed/);
    bench.sandbox.faults.clear();
    await bench.launch('cli', ['forget', some?.uuid ?? '']).ended;
    expect(await bench.start()).toEndWith({ code: 0 });
    expect(await bench.redis.scard(`${bench.prefix}:unconfirmed`)).toBe(0);
  });
});
