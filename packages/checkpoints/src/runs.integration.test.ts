import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestCheckpoints, type TestCheckpoints } from '../../../test/support/checkpoints.ts';
import { keysOf } from './keys.ts';
import type { NewVerdict } from './records.ts';
import type { Runs } from './runs.ts';

let bench: TestCheckpoints;
let runs: Runs;

beforeEach(async () => {
  bench = await openTestCheckpoints();
  runs = bench.checkpoints.runs;
});
afterEach(() => bench[Symbol.asyncDispose]());

const survey: NewVerdict = { category: 'survey', rule: 'no-other-data', source: 'probed' };

describe('a run', () => {
  it('is gone on with until it is listed and none of its tests is open', async () => {
    const first = await bench.open('a');
    expect(await runs.start('all')).toMatchObject({ id: first.id, resumed: true });
    await runs.markListed(first.id);
    expect(await runs.start('all')).toMatchObject({ id: first.id, resumed: true });
    await runs.markListed(first.id);
    await bench.checkpoints.test.decide('a', survey);
    expect(await runs.start('all')).toMatchObject({ resumed: false });
  });

  it('whose listing was interrupted is gone on with, although no test is open', async () => {
    const first = await bench.open('a');
    await bench.checkpoints.test.decide('a', survey);
    expect(await runs.start('all')).toMatchObject({ id: first.id, resumed: true });
  });

  it('is listed again by a process that joins it', async () => {
    const first = await bench.open('a');
    await runs.markListed(first.id);
    expect((await runs.read(first.id))?.listed).toBe(true);
    await runs.start('all');
    expect((await runs.read(first.id))?.listed).toBe(false);
  });

  it('keeps its start over an interruption, while whoever joins has a time of its own', async () => {
    const first = await runs.start('all');
    await sleep(5);
    const second = await runs.start('all');
    expect(second.joinedAt).toBeGreaterThan(first.joinedAt);
    expect((await runs.read(first.id))?.startedAt).toBe(first.joinedAt);
  });

  it('that begins in the same millisecond as another one has a start of its own, so that they have an order', async () => {
    const selections = Array.from({ length: 30 }, (_, number) => `w${number}`);
    await Promise.all(selections.map((selection) => runs.start(selection)));
    const list = await runs.list();
    expect(new Set(list.map(({ startedAt }) => startedAt)).size).toBe(30);
    expect(list.map(({ selection }) => selection)).toEqual(selections);
  });

  it('has its time by the clock of Redis', async () => {
    const [seconds] = await bench.client.time();
    const { joinedAt } = await runs.start('all');
    expect(Math.abs(joinedAt - Number(seconds) * 1000)).toBeLessThan(5000);
  });

  it('of one selection has nothing to do with another selection', async () => {
    const [one, two] = [await runs.start('all'), await runs.start('w1,w2')];
    expect(two).toMatchObject({ resumed: false });
    expect(two.id).not.toBe(one.id);
  });

  it('does not finish while a test is open, and finishes once', async () => {
    const { id } = await bench.open('a');
    await runs.finish(id);
    expect(await runs.read(id)).not.toHaveProperty('finishedAt');
    await bench.checkpoints.test.decide('a', survey);
    await runs.finish(id);
    const finished = await runs.read(id);
    await sleep(5);
    await runs.finish(id);
    expect(finished?.finishedAt).toBeGreaterThan(0);
    expect(await runs.read(id)).toEqual(finished);
  });

  it('counts a test once that failed in it and is taken up again after an interruption', async () => {
    const failure = { status: 403, status_code: 403, error: 'no', body: null, attempts: 1 } as const;
    const { id } = await bench.open('a', 'b', 'c');
    for (const uuid of ['a', 'b']) await bench.checkpoints.test.fail(uuid, { ...failure, type: 'unclassified_error' });
    expect(await runs.read(id)).toMatchObject({ selected: 3, open: 1, outcomes: { error: 2 } });
    await sleep(5);
    await bench.open('a', 'b', 'c');
    expect(await runs.read(id)).toMatchObject({ selected: 3, open: 3, outcomes: {} });
    await bench.checkpoints.test.decide('a', survey);
    await bench.checkpoints.test.fail('b', { ...failure, type: 'unclassified_error' });
    expect(await runs.read(id)).toMatchObject({ selected: 3, open: 1, outcomes: { survey: 1, error: 1 } });
  });

  it('counts a test once that failed in it and that the listing decides after an interruption', async () => {
    const failure = { status: 403, status_code: 403, error: 'no', body: null, attempts: 1 } as const;
    const { id } = await bench.open('a', 'b');
    await bench.checkpoints.test.fail('a', { ...failure, type: 'unclassified_error' });
    const { joinedAt } = await runs.start('all');
    const declared = { category: 'survey', rule: 'declared-STUDYV2-SURVEY', source: 'declared' } as const;
    const place = { run: id, joinedAt, workspace: 'w', position: 0, probe: true };
    await bench.checkpoints.listing.savePage({ ...place, tests: [{ uuid: 'a', listing: {}, declared }] });
    expect(await runs.read(id)).toMatchObject({ selected: 2, open: 1, outcomes: { survey: 1 } });
    expect((await runs.read(id))?.outcomes).not.toHaveProperty('error');
  });

  it('counts a test that failed before it began', async () => {
    const failure = { status: 403, status_code: 403, error: 'no', body: null, attempts: 1 } as const;
    const first = await bench.open('a');
    await bench.checkpoints.test.fail('a', { ...failure, type: 'unclassified_error' });
    await runs.markListed(first.id);
    await sleep(5);
    const second = await bench.open('a', 'b');
    expect(second.id).not.toBe(first.id);
    expect(await runs.read(second.id)).toMatchObject({ selected: 2, open: 2 });
    expect(await runs.read(first.id)).toMatchObject({ selected: 1, open: 0, outcomes: { error: 1 } });
  });

  it('is noted as verified once, when it is listed and none of its tests is open', async () => {
    const { id } = await bench.open('a');
    await runs.markListed(id);
    expect(await runs.noteVerified(id, true)).toBe(false);
    await bench.checkpoints.test.decide('a', survey);
    expect(await runs.noteVerified(id, true)).toBe(true);
    expect(await runs.noteVerified(id, false)).toBe(false);
    expect(await runs.read(id)).toMatchObject({ verified: true, finishedAt: expect.any(Number) });
  });

  it('that is not known is not made up by marking it', async () => {
    await runs.markListed('1');
    await runs.finish('1');
    expect(await runs.read('1')).toBeNull();
  });
});

describe('old runs', () => {
  it('are dropped beyond thirty, but never one with open tests', async () => {
    const first = await bench.open('a');
    for (let count = 0; count < 40; count += 1) {
      const { id } = await runs.start(`selection ${count}`);
      await runs.finish(id);
    }
    const kept = await runs.list();
    expect(kept).toHaveLength(31);
    expect(kept[0]?.id).toBe(first.id);
  });

  it('a selection that was not run for as long is forgotten too', async () => {
    for (let number = 0; number < 40; number += 1) {
      await runs.start(`audit 10 ${number}`);
      // Of runs that begin in one millisecond the id of one that was dropped may be given again.
      await sleep(2);
    }
    expect(await bench.client.hlen(keysOf(bench.prefix).current)).toBe(30);
  });
});
