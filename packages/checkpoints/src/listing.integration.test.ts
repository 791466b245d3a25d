import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allErrors, openTestCheckpoints, type TestCheckpoints } from '../../../test/support/checkpoints.ts';
import { redisContents } from '../../../test/support/redis-contents.ts';
import { RunLostError } from './errors.ts';
import { keysOf } from './keys.ts';
import type { Page, PageTest } from './listing.ts';
import type { NewVerdict } from './records.ts';
import type { StartedRun } from './runs.ts';

let bench: TestCheckpoints;
let keys: ReturnType<typeof keysOf>;

beforeEach(async () => {
  bench = await openTestCheckpoints();
  keys = keysOf(bench.prefix);
});
afterEach(() => bench[Symbol.asyncDispose]());

const survey: NewVerdict = { category: 'survey', rule: 'no-other-data', source: 'probed' };
const sessionless: NewVerdict = { category: 'no sessions', rule: 'no-sessions-yet', source: 'probed' };
const failure = {
  status: 500,
  status_code: 500,
  type: 'unclassified_error',
  error: 'x',
  body: null,
  attempts: 1,
} as const;

function pageTest(uuid: string, more: Partial<PageTest> = {}): PageTest {
  return { uuid, listing: { title: `Title ${uuid}` }, declared: null, ...more };
}

function page(run: StartedRun, uuids: readonly string[], more: Partial<Page> = {}): Page {
  const place = { workspace: 'w0', position: 0, probe: true };
  return { run: run.id, joinedAt: run.joinedAt, ...place, tests: uuids.map((uuid) => pageTest(uuid)), ...more };
}

const start = () => bench.checkpoints.runs.start('all');
const save = (...args: Parameters<typeof page>) => bench.checkpoints.listing.savePage(page(...args));
const workspaceOf = async (uuid: string) => (await bench.checkpoints.inventory.records([uuid]))[0]?.listing?.workspace;

/** A later millisecond of Redis' clock, so that "before" and "after" differ. */
async function nextMoment(): Promise<void> {
  await sleep(5);
}

/** Starts the next run after the one that is going on has ended. */
async function nextRun(run: StartedRun): Promise<StartedRun> {
  await bench.checkpoints.runs.finish(run.id);
  await nextMoment();
  return start();
}

describe('taking up tests', () => {
  it('every new test of a page is open and selected', async () => {
    const run = await start();
    expect(await save(run, ['a', 'b'])).toEqual([
      { uuid: 'a', why: 'new' },
      { uuid: 'b', why: 'new' },
    ]);
    expect(await bench.client.hgetall(keys.open)).toEqual({ a: run.id, b: run.id });
    expect(await bench.checkpoints.runs.read(run.id)).toMatchObject({ selected: 2, open: 2, outcomes: {} });
  });

  it('a page saved twice changes nothing the second time, and names the same tests', async () => {
    const run = await start();
    const more = { tests: [pageTest('a'), pageTest('b', { declared: { ...survey, source: 'declared' } })] };
    const first = await save(run, [], more);
    const before = await redisContents(bench.client, bench.prefix);
    expect(await save(run, [], more)).toEqual(first);
    expect(await redisContents(bench.client, bench.prefix)).toEqual(before);
  });

  it('two producers at once on the same run count every test once', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    expect(one.id).toBe(two.id);
    const uuids = Array.from({ length: 50 }, (_, index) => `t${index}`);
    await Promise.all([save(one, uuids), save(two, uuids), save(one, uuids)]);
    expect(await bench.checkpoints.runs.read(one.id)).toMatchObject({ selected: 50, open: 50 });
  });

  it('a test that has a verdict is not taken up again', async () => {
    const run = await start();
    await save(run, ['a']);
    await bench.checkpoints.test.decide('a', survey);
    expect(await save(run, ['a'])).toEqual([]);
    expect(await save(await nextRun(run), ['a'])).toEqual([]);
  });

  it('a test without sessions is looked at again in a later run, not in the one that found it so', async () => {
    const run = await start();
    await save(run, ['a']);
    await bench.checkpoints.test.noteAnswer('a', {
      probe: 'sessions',
      answer: { outcome: 'present', sessionId: null },
      verdict: sessionless,
    });
    expect(await save(run, ['a'])).toEqual([]);
    const later = await nextRun(run);
    expect(await save(later, ['a'])).toEqual([{ uuid: 'a', why: 'recheck' }]);
    expect((await bench.checkpoints.test.load('a')).evidence).toEqual({});
  });

  it('evidence that came since a recheck was taken up stays when the page is listed again', async () => {
    const run = await start();
    await save(run, ['a']);
    await bench.checkpoints.test.decide('a', sessionless);
    const later = await nextRun(run);
    await save(later, ['a']);
    await bench.checkpoints.test.noteAnswer('a', { probe: 'sessions', answer: { outcome: 'present', sessionId: 's' } });
    await save(later, ['a']);
    expect((await bench.checkpoints.test.load('a')).evidence.sessions).toMatchObject({ sessionId: 's' });
  });

  it('an error since this process joined is not taken up again, an older one is', async () => {
    const run = await start();
    await save(run, ['a']);
    await bench.checkpoints.test.fail('a', failure);
    expect(await save(run, ['a'], { workspace: 'w1', position: 1 })).toEqual([]);
    await nextMoment();
    expect(await save(await start(), ['a'])).toEqual([{ uuid: 'a', why: 'new' }]);
  });

  it('an error from before Redis’ clock was set back is an older one', async () => {
    const run = await start();
    await save(run, ['a']);
    await bench.checkpoints.test.fail('a', failure);
    const record = JSON.parse((await bench.client.hget(keys.errors, 'a')) ?? '{}');
    await bench.client.hset(keys.errors, 'a', JSON.stringify({ ...record, at: record.at + 3_600_000 }));
    expect(await save(await start(), ['a'])).toEqual([{ uuid: 'a', why: 'new' }]);
  });

  it('failed tries of a step end with a new selection', async () => {
    const run = await start();
    await bench.client.hset(keys.retries, 'a', JSON.stringify({ step: 'video', tries: 4 }));
    await save(run, ['a']);
    expect((await bench.checkpoints.test.load('a')).triesOf('video').tries).toBe(0);
    await bench.checkpoints.test.noteTries('a', 'video', { tries: 2 });
    await save(run, ['a']);
    expect((await bench.checkpoints.test.load('a')).triesOf('video').tries).toBe(2);
  });

  it('answers older than a day are asked for again, younger ones are kept', async () => {
    const run = await start();
    const answered = (hours: number) =>
      JSON.stringify({ sessions: { outcome: 'present', sessionId: 's', at: run.joinedAt - hours * 3_600_000 } });
    await bench.client.hset(keys.evidence, 'old', answered(25), 'young', answered(23));
    await save(run, ['old', 'young']);
    expect((await bench.checkpoints.test.load('old')).evidence).toEqual({});
    expect((await bench.checkpoints.test.load('young')).evidence.sessions?.sessionId).toBe('s');
  });

  it('without probing, what the listing does not decide is neither open nor selected', async () => {
    const run = await start();
    const declared: NewVerdict = { category: 'ClassicUT', rule: 'declared-WEB', source: 'declared' };
    const tests = [pageTest('a'), pageTest('b', { declared })];
    expect(await save(run, [], { probe: false, tests })).toEqual([]);
    expect(await bench.client.hlen(keys.open)).toBe(0);
    expect(await bench.checkpoints.runs.read(run.id)).toMatchObject({
      selected: 1,
      open: 0,
      outcomes: { ClassicUT: 1 },
    });
  });

  it('what the listing decides ends the waiting and the error of a test, for every run', async () => {
    const one = await start();
    const two = await bench.checkpoints.runs.start('w0');
    await save(one, ['a']);
    await save(two, ['a'], { tests: [pageTest('a', { declared: { ...survey, source: 'declared' } })] });
    for (const { id } of [one, two]) {
      expect(await bench.checkpoints.runs.read(id)).toMatchObject({ selected: 1, open: 0, outcomes: { survey: 1 } });
    }
  });

  it('what the listing decides takes the place of no sessions, and is counted once', async () => {
    const run = await start();
    await save(run, ['a']);
    await bench.checkpoints.test.decide('a', sessionless);
    const later = await nextRun(run);
    const tests = [pageTest('a', { declared: { ...survey, rule: 'declared', source: 'declared' } })];
    expect(await save(later, [], { tests })).toEqual([]);
    const { byCategory, undecided } = await bench.checkpoints.inventory.totals();
    expect(byCategory).toMatchObject({ 'no sessions': 0, survey: 1 });
    expect(undecided).toBe(0);
    expect(await bench.checkpoints.runs.read(later.id)).toMatchObject({ selected: 1, changes: { classified: 1 } });
  });

  it('a type that the listing declares otherwise by now is followed; a probed one stays', async () => {
    const declared: NewVerdict = { category: 'survey', rule: 'declared-STUDYV2-SURVEY', source: 'declared' };
    const other: NewVerdict = { category: 'live conversation', rule: 'declared-STUDYV2-LIVE', source: 'declared' };
    const run = await start();
    await save(run, [], { tests: [pageTest('a', { declared }), pageTest('b')] });
    await bench.checkpoints.test.decide('b', survey);
    const next = await nextRun(run);
    const tests = ['a', 'b'].map((uuid) => pageTest(uuid, { declared: other }));
    for (let times = 0; times < 2; times += 1) await save(next, [], { tests });
    const { byCategory } = await bench.checkpoints.inventory.totals();
    expect(byCategory).toEqual({ survey: 1, 'live conversation': 1 });
    expect((await bench.checkpoints.inventory.records(['b']))[0]?.verdict).toMatchObject(survey);
    expect(await bench.checkpoints.runs.read(next.id)).toMatchObject({ selected: 1, changes: { type_changed: 1 } });
    await save(next, [], { tests: [pageTest('a')] });
    expect((await bench.checkpoints.inventory.records(['a']))[0]?.verdict).toMatchObject(other);
  });

  it('what the listing decides leaves nothing of a session, nor a time to check a verdict that Redis has lost', async () => {
    const run = await start();
    const answers = { sessions: { outcome: 'present', sessionId: 'session-1', at: run.joinedAt } };
    await bench.client.hset(keys.evidence, 'asked', JSON.stringify(answers));
    await bench.client.zadd(keys.provisional, run.joinedAt, 'lost');
    const declared: NewVerdict = { ...survey, source: 'declared' };
    await save(run, [], { tests: ['asked', 'lost'].map((uuid) => pageTest(uuid, { declared })) });
    expect(await bench.client.hget(keys.evidence, 'asked')).not.toContain('session-1');
    expect((await bench.checkpoints.inventory.totals()).provisional).toBe(0);
  });

  it('a page of any size is stored whole, and known whole when it comes again', async () => {
    const run = await start();
    const declared: NewVerdict = { ...survey, source: 'declared' };
    const uuids = Array.from({ length: 1_201 }, (_, index) => `t${index}`);
    for (let times = 0; times < 2; times += 1) {
      await save(run, [], { tests: uuids.map((uuid) => pageTest(uuid, { declared })) });
      const { tests, byCategory } = await bench.checkpoints.inventory.totals();
      expect({ tests, byCategory }).toEqual({ tests: 1_201, byCategory: { survey: 1_201 } });
      expect(await bench.client.hlen(keys.verdicts)).toBe(1_201);
      expect(await bench.checkpoints.runs.read(run.id)).toMatchObject({ selected: 1_201, changes: { new: 1_201 } });
    }
  });

  it('a page for a run that Redis has forgotten is refused and leaves nothing behind', async () => {
    const run = await start();
    await bench.client.del(Object.values(keys));
    await expect(save(run, ['a'])).rejects.toThrow(RunLostError);
    expect(await redisContents(bench.client, bench.prefix)).toEqual({});
  });
});

describe('which workspace a test belongs to', () => {
  it('within a run the one that is last in the list, whatever order they are listed in', async () => {
    const run = await start();
    await save(run, ['a'], { workspace: 'w1', position: 1 });
    await save(run, ['a'], { workspace: 'w2', position: 2 });
    await save(run, ['a'], { workspace: 'w0', position: 0 });
    expect(await workspaceOf('a')).toBe('w2');
  });

  it('also when the test was decided before that one was listed', async () => {
    const run = await start();
    await save(run, ['a']);
    await bench.checkpoints.test.decide('a', survey);
    const before = await bench.checkpoints.inventory.revision();
    await save(run, ['a'], { workspace: 'w2', position: 2 });
    expect(await workspaceOf('a')).toBe('w2');
    expect(await bench.checkpoints.inventory.revision()).toBeGreaterThan(before);
  });

  it('a later run that finds everything as it was leaves the revision alone, so that nothing is exported for it', async () => {
    const run = await start();
    const tests = [{ uuid: 'a', listing: { title: ',"run":"7"' }, declared: survey }];
    await save(run, [], { tests });
    const before = await bench.checkpoints.inventory.revision();
    const later = await nextRun(run);
    await save(later, [], { tests });
    expect((await bench.checkpoints.inventory.records(['a']))[0]?.listing?.run).toBe(later.id);
    expect(await bench.checkpoints.inventory.revision()).toBe(before);
    await save(later, [], { tests: [{ uuid: 'a', listing: { title: ',"run":"8"' }, declared: survey }] });
    expect(await bench.checkpoints.inventory.revision()).toBeGreaterThan(before);
  });

  it('a later run over one workspace takes the test over', async () => {
    const run = await start();
    await save(run, ['a'], { workspace: 'w2', position: 2 });
    await save(await bench.checkpoints.runs.start('w1'), ['a'], { workspace: 'w1', position: 1 });
    expect(await workspaceOf('a')).toBe('w1');
  });

  describe('in a later run over all of them', () => {
    const places = [0, 1, 2].map((position) => ({ workspace: `w${position}`, position }));
    const listed = (place: number, run: StartedRun) => bench.checkpoints.listing.finishWorkspace(`w${place}`, run.id);

    /** A run that has found the test in these workspaces, and has ended. @returns the next one */
    async function afterListing(...found: number[]): Promise<StartedRun> {
      await bench.checkpoints.listing.saveWorkspaces(places.map(({ workspace }) => ({ uuid: workspace, name: '' })));
      const run = await start();
      for (const place of found) await save(run, ['a'], places[place]);
      for (const { position } of places) await listed(position, run);
      await bench.checkpoints.test.decide('a', survey);
      return nextRun(run);
    }

    it('it stays where it is until that workspace is listed, so that no file ever shows another one', async () => {
      const run = await afterListing(0, 2);
      const before = await bench.checkpoints.inventory.revision();
      await save(run, ['a'], places[0]);
      expect(await workspaceOf('a')).toBe('w2');
      await save(run, ['a'], places[2]);
      expect(await bench.checkpoints.inventory.revision()).toBe(before);
      expect(await bench.client.hget(keys.runs, run.id), 'counted once').toContain('"seen":1');
      expect(await bench.client.exists(keys.elsewhere)).toBe(0);
    });

    it('it moves at the end of the listing to the last that has it, and was listed all the time', async () => {
      const run = await afterListing(0, 1, 2);
      for (const place of [1, 0]) await save(run, ['a'], places[place]);
      for (const { position } of places) await listed(position, run);
      await bench.checkpoints.listing.noteUnlisted(run.id);
      expect(await workspaceOf('a')).toBe('w1');
      expect((await bench.checkpoints.runs.read(run.id))?.changes).toEqual({});
      expect(await bench.client.exists(keys.elsewhere)).toBe(0);
    });

    it('it moves to the last that has it also where an earlier one is listed behind that', async () => {
      const run = await afterListing(0, 1, 2);
      await save(run, ['a'], places[1]);
      await listed(2, run);
      await save(run, ['a'], places[0]);
      expect(await workspaceOf('a')).toBe('w1');
    });

    it('it stays where its workspace could not be listed, and moves where that is gone', async () => {
      const run = await afterListing(0, 2);
      await save(run, ['a'], places[0]);
      await bench.checkpoints.listing.failWorkspace('w2', failure, run.id);
      await bench.checkpoints.listing.noteUnlisted(run.id);
      expect(await workspaceOf('a')).toBe('w2');
      await bench.client.hdel(keys.errors, 'workspace:w2');
      await save(run, ['a'], places[0]);
      await bench.checkpoints.listing.noteUnlisted(run.id);
      expect(await workspaceOf('a')).toBe('w0');
    });

    it('it moves at once where that workspace is listed already, or comes earlier by now', async () => {
      const run = await afterListing(0, 2);
      await listed(2, run);
      await save(run, ['a'], places[0]);
      expect(await workspaceOf('a')).toBe('w0');
      const next = await nextRun(run);
      await bench.checkpoints.listing.saveWorkspaces(['w2', 'w0'].map((uuid) => ({ uuid, name: '' })));
      await save(next, ['a'], { workspace: 'w2', position: 0 });
      await save(next, ['a'], { workspace: 'w0', position: 1 });
      expect(await workspaceOf('a')).toBe('w0');
    });
  });

  it('a run that is slower than a later one does not make it older', async () => {
    const slow = await start();
    await nextMoment();
    const quick = await bench.checkpoints.runs.start('w0');
    await bench.checkpoints.listing.saveWorkspaces([{ uuid: 'w0', name: '' }]);
    await save(quick, ['a', 'b']);
    await bench.checkpoints.listing.finishWorkspace('w0', quick.id);
    await save(slow, ['a']);
    await save(slow, [], { tests: [pageTest('b', { listing: { title: 'New' } })] });
    const records = await bench.checkpoints.inventory.records(['a', 'b']);
    expect(records.map(({ listing }) => [listing?.run, listing?.title])).toEqual([
      [quick.id, 'Title a'],
      [quick.id, 'New'],
    ]);
  });
});

describe('odd content', () => {
  const odd = ['', '🦊 日本語 \u2028', '"quotes" \\ back\\slashes / \u0000 \t', '{}', '[]', '007', 'x'.repeat(100_000)];

  it.each(odd)('the title %j comes back as it was', async (title) => {
    const run = await start();
    const listing = { title, orderedAt: title, type: title, productType: title };
    await save(run, [], { tests: [{ uuid: 'a', listing, declared: null }] });
    expect((await bench.checkpoints.inventory.records(['a']))[0]?.listing).toMatchObject(listing);
  });

  it.each(odd.slice(1, -1))('a test and a workspace called %j are kept under that name', async (name) => {
    const run = await start();
    expect(await save(run, [name])).toEqual([{ uuid: name, why: 'new' }]);
    await bench.checkpoints.listing.saveWorkspaces([{ uuid: 'w', name }]);
    const before = await bench.checkpoints.inventory.revision();
    await bench.checkpoints.listing.saveWorkspaces([{ uuid: 'w', name }]);
    expect((await bench.checkpoints.listing.workspaces()).get('w')?.name).toBe(name);
    expect(await bench.checkpoints.inventory.revision()).toBe(before);
    expect((await bench.checkpoints.inventory.records([name]))[0]?.uuid).toBe(name);
  });
});

describe('a UUID in other casing', () => {
  const lower = 'aaaaaaaa-0000-4000-8000-00000000000b';
  const upper = lower.toUpperCase();

  it('is one test, stored in lower case, and asked about as its listing spells it', async () => {
    const run = await start();
    expect(await save(run, [upper, lower])).toEqual([{ uuid: lower, why: 'new' }]);
    await save(run, [upper], { workspace: 'w1', position: 1 });
    expect((await bench.checkpoints.inventory.totals()).tests).toBe(1);
    expect(await bench.checkpoints.runs.read(run.id)).toMatchObject({ selected: 1, open: 1 });
    expect((await bench.checkpoints.test.load(lower)).spelling).toBe(upper);
    await bench.checkpoints.controls.known({ uuid: lower, asker: lower });
    const question = { asker: 'x', why: 'streak', leaseMs: 1000 } as const;
    expect(await bench.checkpoints.controls.next(question)).toEqual({ kind: 'ask', uuid: lower, spelling: upper });
  });

  it('follows the listing when that spells it in another way', async () => {
    const run = await start();
    await save(run, [upper]);
    await save(run, [lower]);
    expect((await bench.checkpoints.test.load(lower)).spelling).toBe(lower);
    expect(await bench.client.hget(keys.listing, lower)).not.toContain('spelling');
  });

  it('finds the test that was imported', async () => {
    await bench.checkpoints.import.tests([{ uuid: lower, workspace: 'w0', name: 'W', category: 'survey' }]);
    expect(await save(await start(), [upper])).toEqual([]);
  });

  it('of an id that is no UUID is another test', async () => {
    expect(await save(await start(), ['aB', 'Ab'])).toHaveLength(2);
  });
});

describe('cursors and the end of a listing', () => {
  const listing = () => bench.checkpoints.listing;

  it('a cursor is for its run only, and only as long as it is young', async () => {
    await listing().saveCursor('w', 'run-1', 'Mw');
    expect(await listing().cursor('w', 'run-1', 3_600_000)).toBe('Mw');
    expect(await listing().cursor('w', 'run-2', 3_600_000)).toBeNull();
    expect(await listing().cursor('other', 'run-1', 3_600_000)).toBeNull();
    const old = { run: 'run-1', cursor: 'Mw', at: Date.now() - 3_600_001 };
    await bench.client.hset(keys.cursors, 'w', JSON.stringify(old));
    expect(await listing().cursor('w', 'run-1', 3_600_000)).toBeNull();
  });

  it('a page that leaves nothing to enqueue saves its cursor; before others it is for the caller, once they are enqueued', async () => {
    const run = await start();
    const declared: NewVerdict = { ...survey, source: 'declared' };
    await save(run, [], { workspace: 'w', next: 'Mw', tests: [pageTest('a', { declared })] });
    expect(await listing().cursor('w', run.id, 3_600_000)).toBe('Mw');
    await save(run, ['b'], { workspace: 'w', next: 'NA' });
    expect(await listing().cursor('w', run.id, 3_600_000)).toBe('Mw');
    await save(run, [], { workspace: 'w', next: null, tests: [pageTest('c', { declared })] });
    expect(await listing().cursor('w', run.id, 3_600_000)).toBe('Mw');
  });

  it('a page that was on its way when the one before it failed does not save its cursor', async () => {
    const run = await start();
    const declared: NewVerdict = { ...survey, source: 'declared' };
    const pageOf = (uuid: string, from: string | null, next: string) =>
      save(run, [], { workspace: 'w', from, next, tests: [pageTest(uuid, { declared })] });
    await pageOf('a', null, 'MQ');
    await pageOf('c', 'Mg', 'Mw');
    expect(await listing().cursor('w', run.id, 3_600_000)).toBe('MQ');
    await pageOf('b', 'MQ', 'Mg');
    expect(await listing().cursor('w', run.id, 3_600_000)).toBe('Mg');
  });

  it('the end of a listing drops the cursor, ends its error, and says which run listed all of it', async () => {
    const run = await bench.checkpoints.runs.start('all');
    await listing().saveWorkspaces([{ uuid: 'w', name: 'W' }]);
    await listing().saveCursor('w', run.id, 'Mw');
    await listing().failWorkspace('w', failure, '1');
    expect((await allErrors(bench.checkpoints)).map(([key]) => key)).toEqual(['workspace:w']);
    await listing().finishWorkspace('w', run.id);
    const before = await redisContents(bench.client, bench.prefix);
    await listing().finishWorkspace('w', run.id);
    expect(await redisContents(bench.client, bench.prefix)).toEqual(before);
    expect(await listing().cursor('w', run.id, 3_600_000)).toBeNull();
    expect(await allErrors(bench.checkpoints)).toEqual([]);
    expect((await listing().workspaces()).get('w')?.listedAt).toBe(Number(run.id));
  });
});
