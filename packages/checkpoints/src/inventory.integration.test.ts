import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestCheckpoints, type TestCheckpoints } from '../../../test/support/checkpoints.ts';
import type { ImportedTest } from './import.ts';
import { keysOf } from './keys.ts';

let bench: TestCheckpoints;
beforeEach(async () => {
  bench = await openTestCheckpoints();
});
afterEach(() => bench[Symbol.asyncDispose]());

function imported(uuid: string, more: Partial<ImportedTest> = {}): ImportedTest {
  return { uuid, workspace: 'w', name: 'W', category: 'survey', ...more };
}

describe('the inventory', () => {
  it('gives all errors in the order of their keys, in portions', async () => {
    const error = {
      status: 500,
      status_code: 500,
      type: 'network_error',
      error: 'x',
      body: null,
      attempts: 1,
    } as const;
    const keys = Array.from({ length: 1203 }, (_, index) => `t${(index * 7919) % 10_000}`);
    await bench.checkpoints.import.errors(keys.map((key) => ({ key, error })));
    const portions: string[][] = [];
    for await (const portion of bench.checkpoints.inventory.errors()) portions.push(portion.map(([key]) => key));
    expect(portions.flat()).toEqual([...keys].sort());
    expect(Math.max(...portions.map(({ length }) => length))).toBe(500);
  });

  it('gives all tests in the order of their UUIDs, whatever the size of a page', async () => {
    const uuids = Array.from({ length: 25 }, (_, index) => `t${String((index * 7) % 25).padStart(2, '0')}`);
    await bench.checkpoints.import.tests(uuids.map((uuid) => imported(uuid)));
    for (const size of [1, 7, 25, 1000]) {
      const seen: string[] = [];
      for await (const tests of bench.checkpoints.inventory.pages(size)) seen.push(...tests.map(({ uuid }) => uuid));
      expect(seen).toEqual([...uuids].sort());
    }
  });

  it('names every open test', async () => {
    const uuids = Array.from({ length: 1200 }, (_, index) => `t${index}`);
    await bench.open(...uuids);
    const seen = new Set<string>();
    for await (const some of bench.checkpoints.inventory.open()) for (const uuid of some) seen.add(uuid);
    expect([...seen].sort()).toEqual([...uuids].sort());
  });
});

const revision = () => bench.checkpoints.inventory.revision();
async function decide(uuid: string): Promise<void> {
  await bench.open(uuid);
  await bench.checkpoints.test.decide(uuid, { category: 'survey', rule: 'no-other-data', source: 'probed' });
}

describe('the revision', () => {
  it('is 0 before the first change', async () => {
    expect(await revision()).toBe(0);
  });

  it('grows with every verdict', async () => {
    await decide('a');
    const first = await revision();
    await decide('b');
    expect(await revision()).toBeGreaterThan(first);
  });

  it('is another one after Redis has lost its last writes and as many others have come', async () => {
    await decide('a');
    const kept = await revision();
    await decide('b');
    const lost = await revision();
    await bench.client.set(keysOf(bench.prefix).revision, String(kept));
    await decide('c');
    expect(await revision()).toBeGreaterThan(lost);
  });

  it('grows also when the clock was set back', async () => {
    const ahead = Date.now() * 1000 + 3_600_000_000;
    await bench.client.set(keysOf(bench.prefix).revision, String(ahead));
    await decide('a');
    expect(await revision()).toBeGreaterThan(ahead);
  });
});

describe('the revision of the library', () => {
  const libraryRevision = async () => (await bench.checkpoints.inventory.revisions()).libraryRevision;

  it('stays with an outcome, be it a verdict or an error', async () => {
    await bench.open('a', 'b');
    const before = { revision: await revision(), libraryRevision: await libraryRevision() };
    await bench.checkpoints.test.decide('a', { category: 'survey', rule: 'no-other-data', source: 'probed' });
    const failure = { status: 400, status_code: 400, error: 'x', body: null, attempts: 1 };
    await bench.checkpoints.test.fail('b', { ...failure, type: 'invalid_pagination_error' });
    expect(await revision()).toBeGreaterThan(before.revision);
    expect(await libraryRevision()).toBe(before.libraryRevision);
  });

  it('grows with a listing, an import, and a test that is forgotten', async () => {
    const { checkpoints } = bench;
    const steps = [
      () => checkpoints.listing.saveWorkspaces([{ uuid: 'w', name: 'W' }]),
      () => bench.open('a'),
      () => checkpoints.import.tests([{ uuid: 'i', workspace: 'w', name: 'W', category: 'survey' }]),
      () => bench.checkpoints.known.forget(['a']),
    ];
    for (const step of steps) {
      const before = await libraryRevision();
      await step();
      expect(await libraryRevision(), String(step)).toBeGreaterThan(before);
    }
  });
});
