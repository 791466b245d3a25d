import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestCheckpoints, type TestCheckpoints } from '../../../test/support/open-test-checkpoints.ts';
import { keysOf } from './keys.ts';

let bench: TestCheckpoints;
beforeEach(async () => {
  bench = await openTestCheckpoints();
});
afterEach(() => bench[Symbol.asyncDispose]());

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

describe('the revision of what no outcome tells', () => {
  const untold = async () => (await bench.checkpoints.inventory.revisions()).libraryRevision;

  it('stays with an outcome, be it a verdict or an error', async () => {
    await bench.open('a', 'b');
    const before = { revision: await revision(), untold: await untold() };
    await bench.checkpoints.test.decide('a', { category: 'survey', rule: 'no-other-data', source: 'probed' });
    const failure = { status: 400, status_code: 400, error: 'x', body: null, attempts: 1 };
    await bench.checkpoints.test.fail('b', { ...failure, type: 'invalid_pagination_error' });
    expect(await revision()).toBeGreaterThan(before.revision);
    expect(await untold()).toBe(before.untold);
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
      const before = await untold();
      await step();
      expect(await untold(), String(step)).toBeGreaterThan(before);
    }
  });
});
