import { afterEach, describe, expect, it } from 'vitest';
import { type ProducerBench, producerBench } from './producer-bench.test.ts';

let bench: ProducerBench;
const open = async (...args: Parameters<typeof producerBench>): Promise<void> => {
  bench = await producerBench(...args);
};
afterEach(() => bench[Symbol.asyncDispose]());

describe('runs and producers', () => {
  it('two producers at once enqueue and count every test once', async () => {
    await open({ library: { tests: 130, workspaces: 3, sharedTests: 20, seed: 3 } });
    const [one, two] = await Promise.all([bench.producing(), bench.producing()]);
    expect(one.run.id).toBe(two.run.id);
    expect(await bench.waiting()).toBe(130);
    expect(await bench.runtime.checkpoints.runs.read(one.run.id)).toMatchObject({ selected: 130, open: 130 });
  });

  it('a run over one workspace and one over all share a test, which is enqueued once', async () => {
    await open({ library: { tests: 20, workspaces: 2, seed: 3 } });
    const [all, some] = [await bench.producing(), await bench.producing({ only: [1] })];
    expect(some.run.id).not.toBe(all.run.id);
    expect(await bench.waiting()).toBe(20);
    const { selected = 0 } = (await bench.runtime.checkpoints.runs.read(some.run.id)) ?? {};
    expect(selected).toBe(bench.sandbox.library.listing(bench.workspace(1), 0, 50)?.length);
  });

  it('a second run over a finished library asks for nothing but the listing', async () => {
    await open({ library: { tests: 20, workspaces: 2, seed: 3 } });
    const { run } = await bench.producing();
    const verdict = { category: 'survey', rule: 'no-other-data', source: 'probed' } as const;
    for (const { uuid } of bench.sandbox.library.tests()) await bench.runtime.checkpoints.test.decide(uuid, verdict);
    await bench.runtime.checkpoints.runs.finish(run.id);
    await bench.account.queue.bull.obliterate({ force: true });
    const later = await bench.producing();
    expect(later.run.resumed).toBe(false);
    expect(await bench.runtime.checkpoints.runs.read(later.run.id)).toMatchObject({ selected: 0, open: 0 });
    expect(await bench.waiting()).toBe(0);
    expect(bench.probes()).toBe(0);
  });

  it('a test of several workspaces belongs to the one that is last in the list', async () => {
    await open({ library: { tests: 60, workspaces: 3, sharedTests: 30, seed: 4 } });
    await bench.producing();
    for (const test of bench.sandbox.library.tests()) {
      const [known] = await bench.runtime.checkpoints.inventory.records([test.uuid]);
      expect(known?.listing?.workspace).toBe(test.workspaces.at(-1));
    }
  });
});

describe('tests that the listing itself classifies', () => {
  const library = {
    workspaces: [{ name: 'W' }],
    tests: [
      { kind: 'classic' },
      { kind: 'survey' },
      { kind: 'live conversation' },
      { kind: 'survey', type: null, productType: null },
      { kind: 'survey', productType: 'TREE_TEST' },
    ],
  } as const;

  it.each([
    ['auto', { decided: 3, waiting: 2 }],
    ['probe', { decided: 0, waiting: 5 }],
    ['metadata', { decided: 3, waiting: 0 }],
  ])('with CLASSIFY_BY=%s', async (classifyBy, expected) => {
    await open({ library, metadata: true }, { CLASSIFY_BY: classifyBy });
    const { run } = await bench.producing();
    const { byCategory, tests, open: openTests } = await bench.totals();
    const decided = Object.values(byCategory).reduce((sum, count) => sum + count, 0);
    expect({ decided, waiting: await bench.waiting() }).toEqual(expected);
    expect({ tests, openTests }).toEqual({ tests: 5, openTests: expected.waiting });
    const record = await bench.runtime.checkpoints.runs.read(run.id);
    expect(record).toMatchObject({ selected: expected.decided + expected.waiting, open: expected.waiting });
  });

  it('are none where the listing has no such fields', async () => {
    await open({ library }, { CLASSIFY_BY: 'auto' });
    await bench.producing();
    expect(await bench.waiting()).toBe(5);
  });
});
