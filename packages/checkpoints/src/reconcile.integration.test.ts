import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestCheckpoints, type TestCheckpoints } from '../../../test/support/checkpoints.ts';
import { redisContents } from '../../../test/support/redis-contents.ts';
import { keysOf } from './keys.ts';
import type { ReconcileOptions } from './reconcile.ts';

let bench: TestCheckpoints;
beforeEach(async () => {
  bench = await openTestCheckpoints();
});
afterEach(() => bench[Symbol.asyncDispose]());

const keys = () => keysOf(bench.prefix);
const classifyBy = 'auto';
const mend = (options: ReconcileOptions = { when: 'beat', classifyBy }) => bench.checkpoints.reconcile(options);
const atTheEnd = (run: string) => mend({ when: 'end', run, classifyBy });
const survey = { category: 'survey', rule: 'no media', source: 'probed' } as const;
const decide = (uuid: string) => bench.checkpoints.test.decide(uuid, survey, 'tutorial');
const failure = {
  status: 403,
  status_code: 403,
  type: 'unclassified_error',
  error: 'x',
  body: null,
  attempts: 1,
} as const;
const nothing = { runs: 0, totals: false, lostVerdicts: 0, unlisted: 0, reopened: 0, undecided: 0 };

/** Changes one number of a run, as a part of an act would. */
async function setRun(id: string, values: Record<string, unknown>): Promise<void> {
  const run = JSON.parse((await bench.client.hget(keys().runs, id)) ?? '{}');
  await bench.client.hset(keys().runs, id, JSON.stringify({ ...run, ...values }));
}

it('what adds up is left as it is, whenever it is looked at', async () => {
  const run = await bench.open('a', 'b', 'c');
  await decide('a');
  await bench.checkpoints.test.fail('b', failure);
  const before = await redisContents(bench.client, bench.prefix);
  for (const when of ['start', 'beat', 'doctor'] as const) expect(await mend({ when, classifyBy })).toEqual(nothing);
  expect(await atTheEnd(run.id)).toEqual(nothing);
  expect(await redisContents(bench.client, bench.prefix)).toEqual(before);
});

describe('a run waits for its open tests, no more and no fewer', () => {
  it('where it counts a test that is not open', async () => {
    const run = await bench.open('a');
    await decide('a');
    await setRun(run.id, { open: 1, outcomes: {} });
    expect(await mend()).toMatchObject({ runs: 1, reopened: 0 });
    expect(await bench.checkpoints.runs.read(run.id)).toMatchObject({ open: 0 });
    expect(await mend()).toEqual(nothing);
  });

  it('where an open test names it and it does not count it', async () => {
    const run = await bench.open('a', 'b');
    await setRun(run.id, { open: 1 });
    await mend();
    expect(await bench.checkpoints.runs.read(run.id)).toMatchObject({ open: 2, selected: 2 });
  });

  it('where it was finished although a test is open', async () => {
    const run = await bench.open('a');
    await setRun(run.id, { open: 0, listed: true, finishedAt: 1, verified: true });
    expect(await atTheEnd(run.id)).toMatchObject({ runs: 1 });
    const record = await bench.checkpoints.runs.read(run.id);
    expect(record).toMatchObject({ open: 1 });
    expect(record).not.toHaveProperty('finishedAt');
  });

  it('where an open test names only runs that are gone', async () => {
    await bench.open('a');
    await bench.client.del(keys().runs, keys().current);
    expect(await mend()).toEqual(nothing);
    const run = await bench.checkpoints.runs.start('all');
    await mend();
    expect(await bench.checkpoints.runs.read(run.id)).toMatchObject({ open: 1, selected: 1 });
    await decide('a');
    expect(await bench.checkpoints.runs.read(run.id)).toMatchObject({ open: 0 });
  });

  it('where the open tests were lost as a whole: they are open again', async () => {
    const run = await bench.open('a', 'b', 'c');
    await decide('a');
    await bench.client.del(keys().open);
    expect(await mend()).toMatchObject({ runs: 1, reopened: 2 });
    expect(await bench.checkpoints.runs.read(run.id)).toMatchObject({ open: 2, selected: 3 });
    expect(Object.keys(await bench.client.hgetall(keys().open)).sort()).toEqual(['b', 'c']);
  });
});

describe('at the end of a run', () => {
  it.each(['verdicts', 'errors'] as const)('tests whose %s were lost are waited for again', async (name) => {
    const run = await bench.open('a', 'b');
    await decide('a');
    await bench.checkpoints.test.fail('b', failure);
    await bench.client.del(keys()[name]);
    expect(await atTheEnd(run.id)).toMatchObject({ reopened: 1 });
    expect(await bench.client.hkeys(keys().open)).toEqual([name === 'verdicts' ? 'a' : 'b']);
    expect((await bench.checkpoints.runs.read(run.id))?.open).toBe(1);
  });

  it('a test that its listing decides is not asked about: that is said', async () => {
    const run = await bench.checkpoints.runs.start('all');
    const place = { run: run.id, joinedAt: run.joinedAt, workspace: 'w', position: 0, probe: true };
    const declared = { category: 'survey', rule: 'declared', source: 'declared' } as const;
    await bench.checkpoints.listing.savePage({
      ...place,
      tests: [{ uuid: 'a', listing: { title: ',"type":', type: 'STUDYV2', productType: 'SURVEY' }, declared }],
    });
    await bench.client.del(keys().verdicts);
    expect(await atTheEnd(run.id)).toMatchObject({ reopened: 0, undecided: 1, lostVerdicts: 1 });
  });

  it('tests of other runs are left alone', async () => {
    await bench.open('a');
    await decide('a');
    await bench.client.del(keys().verdicts);
    const retry = await bench.checkpoints.runs.start('retry');
    expect(await atTheEnd(retry.id)).toMatchObject({ reopened: 0, undecided: 0 });
  });
});

describe('the totals are those of the tests', () => {
  it.each(['counts', 'verdicts', 'provisional'] as const)('after %s was lost', async (name) => {
    await bench.open('a', 'b');
    await decide('a');
    await bench.client.del(keys()[name]);
    await mend();
    const { byCategory } = await bench.checkpoints.inventory.totals();
    expect(byCategory).toEqual(name === 'verdicts' ? {} : { survey: 1 });
  });

  it('after a number was taken out and not put in again', async () => {
    await bench.open('a', 'b');
    await decide('a');
    await bench.client.hincrby(keys().counts, 'survey|no media', -1);
    expect(await mend()).toMatchObject({ totals: true });
    expect((await bench.checkpoints.inventory.totals()).byCategory).toEqual({ survey: 1 });
  });

  it('and doctor says so without a change', async () => {
    await bench.open('a', 'b');
    await decide('a');
    await bench.client.hset(keys().counts, 'survey|no media', 2, 'UTZ|x', -1);
    const before = await redisContents(bench.client, bench.prefix);
    expect(await mend({ when: 'doctor', classifyBy })).toMatchObject({ totals: true });
    expect(await redisContents(bench.client, bench.prefix)).toEqual(before);
  });
});

describe('the order of the tests', () => {
  const uuids = async () => {
    const all: string[] = [];
    for await (const page of bench.checkpoints.inventory.pages()) all.push(...page.map(({ uuid }) => uuid));
    return all;
  };

  it('is built anew from the listings after it was lost', async () => {
    await bench.open('b', 'a');
    await bench.client.del(keys().catalogue);
    await mend();
    expect(await uuids()).toEqual(['a', 'b']);
  });

  it('loses a test without a listing before a new listing, not during a run', async () => {
    const run = await bench.open('a', 'b');
    await bench.client.hdel(keys().listing, 'a');
    expect(await mend()).toMatchObject({ unlisted: 1 });
    expect(await atTheEnd(run.id)).toMatchObject({ unlisted: 1 });
    await mend({ when: 'start', classifyBy });
    expect(await mend()).toMatchObject({ unlisted: 0 });
    await bench.open('a', 'b');
    expect(await uuids()).toEqual(['a', 'b']);
  });
});

it('an unfinished run is found again although Redis has lost which one is current', async () => {
  const run = await bench.open('a');
  await bench.client.del(keys().current);
  expect(await bench.checkpoints.runs.start('all')).toMatchObject({ id: run.id, resumed: true });
});

it.each(['auto', 'metadata'] as const)('with %s, what the listing decides is not taken for probing', async (by) => {
  const run = await bench.checkpoints.runs.start('all');
  const tests = [{ uuid: 'a', listing: { type: 'WEB' }, declared: null }];
  const place = { workspace: 'w', position: 0, probe: true };
  await bench.checkpoints.listing.savePage({ run: run.id, joinedAt: run.joinedAt, ...place, tests });
  await bench.client.del(keys().open);
  expect(await mend({ when: 'beat', classifyBy: by })).toMatchObject({ reopened: 0, undecided: 1 });
  expect(await bench.client.exists(keys().open)).toBe(0);
});

describe('a test that an older version stored in upper case', () => {
  const lower = 'aaaaaaaa-0000-4000-8000-00000000000b';
  const upper = lower.toUpperCase();
  const imported = (uuid: string, category: 'survey' | 'ClassicUT') =>
    bench.checkpoints.import.tests([{ uuid, workspace: 'w', name: 'W', category }]);
  const atTheStart = () => mend({ when: 'start', classifyBy });

  it('is brought under its key at a start, with all that is known of it', async () => {
    await imported(upper, 'survey');
    expect(await atTheStart()).toEqual(nothing);
    const [record] = await bench.checkpoints.inventory.records([lower]);
    expect(record).toMatchObject({ verdict: { category: 'survey' }, listing: { workspace: 'w', spelling: upper } });
    expect(await bench.checkpoints.inventory.totals()).toMatchObject({ tests: 1, byCategory: { survey: 1 } });
    expect(JSON.stringify(await redisContents(bench.client, bench.prefix)).split(upper)).toHaveLength(2);
    expect(await mend({ when: 'doctor', classifyBy })).toEqual(nothing);
  });

  it('is one with the test in lower case, whose verdict counts', async () => {
    await imported(upper, 'ClassicUT');
    await imported(lower, 'survey');
    await atTheStart();
    expect(await bench.checkpoints.inventory.totals()).toMatchObject({
      tests: 1,
      byCategory: { survey: 1, ClassicUT: 0 },
    });
    expect(await mend({ when: 'doctor', classifyBy })).toEqual(nothing);
  });

  it('stays while it is open, and so does an id that is no UUID', async () => {
    await imported('Ab', 'survey');
    await bench.open(lower);
    await imported(upper, 'survey');
    await atTheStart();
    expect((await bench.checkpoints.inventory.totals()).tests).toBe(3);
  });
});
