import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allErrors, openTestCheckpoints, type TestCheckpoints } from '../../../test/support/checkpoints.ts';
import { redisContents } from '../../../test/support/redis-contents.ts';
import { keysOf } from './keys.ts';
import type { Failure, NewVerdict } from './records.ts';
import type { TestCheckpoint } from './test-checkpoint.ts';

let bench: TestCheckpoints;
let test: TestCheckpoint;
let keys: ReturnType<typeof keysOf>;

beforeEach(async () => {
  bench = await openTestCheckpoints();
  test = bench.checkpoints.test;
  keys = keysOf(bench.prefix);
});
afterEach(() => bench[Symbol.asyncDispose]());

const verdict = (category: NewVerdict['category'], rule: string): NewVerdict => ({ category, rule, source: 'probed' });
const survey = verdict('survey', 'no-other-data');
const classic = verdict('ClassicUT', 'sessions-not-found');
const failure: Failure = {
  status: 503,
  status_code: 503,
  type: 'unclassified_error',
  error: 'It answered 503.',
  body: { message: 'down' },
  attempts: 3,
};
const contents = () => redisContents(bench.client, bench.prefix);

describe('evidence', () => {
  it('the first answer to a probe stays; one that differs does not count', async () => {
    await bench.open('a');
    expect(await test.noteAnswer('a', { probe: 'video', answer: { outcome: 'absent' } })).toBe(true);
    const before = await contents();
    expect(
      await test.noteAnswer('a', {
        probe: 'video',
        answer: { outcome: 'present' },
        verdict: verdict('interaction test', 'has-video'),
      }),
    ).toBe(false);
    expect(await contents()).toEqual(before);
  });

  it('a second answer about the sessions that names another session does not count', async () => {
    await bench.open('a');
    await test.noteAnswer('a', { probe: 'sessions', answer: { outcome: 'present', sessionId: 's1' } });
    const before = await contents();
    const gone = verdict('no sessions', 'no-sessions-yet');
    expect(
      await test.noteAnswer('a', { probe: 'sessions', answer: { outcome: 'present', sessionId: null }, verdict: gone }),
    ).toBe(false);
    expect(await test.noteAnswer('a', { probe: 'sessions', answer: { outcome: 'present', sessionId: 's2' } })).toBe(
      false,
    );
    expect(await contents()).toEqual(before);
  });

  it('an answer noted twice changes nothing the second time', async () => {
    await bench.open('a');
    const note = () => test.noteAnswer('a', { probe: 'sessions', answer: { outcome: 'present', sessionId: 's' } });
    expect(await note()).toBe(true);
    const before = await contents();
    expect(await note()).toBe(true);
    expect(await contents()).toEqual(before);
  });

  it('an answer with its verdict noted twice decides once', async () => {
    const run = await bench.open('a');
    const note = () =>
      test.noteAnswer('a', { probe: 'sessions', answer: { outcome: 'absent', sessionId: null }, verdict: classic });
    expect(await note()).toBe(true);
    const before = await contents();
    expect(await note()).toBe(false);
    expect(await contents()).toEqual(before);
    expect(await bench.checkpoints.runs.read(run.id)).toMatchObject({ open: 0, outcomes: { ClassicUT: 1 } });
  });

  it('an answer ends the failed tries of its step, and the same step after it counts from nothing', async () => {
    await bench.open('a');
    await test.noteTries('a', 'sessions', { tries: 3 });
    expect((await test.load('a')).triesOf('sessions').tries).toBe(3);
    expect((await test.load('a')).triesOf('video').tries).toBe(0);
    await test.noteAnswer('a', { probe: 'sessions', answer: { outcome: 'present', sessionId: 's' } });
    expect((await test.load('a')).triesOf('sessions').tries).toBe(0);
  });

  it('an answer does not count when the test was forgotten and listed again since its question', async () => {
    await bench.open('a');
    await test.noteAnswer('a', { probe: 'sessions', answer: { outcome: 'present', sessionId: 'old' } });
    await test.noteAnswer('a', { probe: 'video', answer: { outcome: 'absent' } });
    await test.noteAnswer('a', { probe: 'qx', answer: { outcome: 'absent' } });
    const { evidence } = await test.load('a');
    await bench.client.hdel(keys.evidence, 'a');
    const late = () =>
      test.noteAnswer('a', { probe: 'transcript', answer: { outcome: 'absent' }, verdict: survey, basis: evidence });
    expect(await late()).toBe(false);
    expect((await test.load('a')).evidence).toEqual({});
    await sleep(2);
    await test.noteAnswer('a', { probe: 'sessions', answer: { outcome: 'present', sessionId: 'new' } });
    await test.noteAnswer('a', { probe: 'video', answer: { outcome: 'absent' } });
    await test.noteAnswer('a', { probe: 'qx', answer: { outcome: 'absent' } });
    expect(await late()).toBe(false);
    expect((await test.load('a')).evidence.transcript).toBeUndefined();
    expect(await bench.client.hexists(keys.verdicts, 'a')).toBe(0);
  });

  it('a verdict does not count when one of its other answers is gone', async () => {
    await bench.open('a');
    await test.noteAnswer('a', { probe: 'sessions', answer: { outcome: 'present', sessionId: 's' } });
    const { evidence } = await test.load('a');
    await test.noteAnswer('a', { probe: 'qx', answer: { outcome: 'absent' } });
    const video = { outcome: 'absent', at: 1 } as const;
    const basis = { ...evidence, video, qx: video };
    expect(
      await test.noteAnswer('a', { probe: 'transcript', answer: { outcome: 'absent' }, verdict: survey, basis }),
    ).toBe(false);
    expect(await bench.client.hexists(keys.verdicts, 'a')).toBe(0);
    expect((await test.load('a')).evidence.transcript?.outcome).toBe('absent');
  });

  it('answers of more than a day ago are asked for again, also by a worker that goes on without a new run', async () => {
    await bench.open('a');
    await test.noteAnswer('a', { probe: 'sessions', answer: { outcome: 'present', sessionId: 'gone since' } });
    const before = JSON.parse((await bench.client.hget(keys.evidence, 'a')) ?? '');
    const aged = (ms: number) => JSON.stringify({ sessions: { ...before.sessions, at: before.sessions.at - ms } });
    await bench.client.hset(keys.evidence, 'a', aged(23 * 3_600_000));
    expect((await test.load('a')).evidence.sessions?.sessionId).toBe('gone since');
    await bench.client.hset(keys.evidence, 'a', aged(25 * 3_600_000));
    expect(await test.load('a')).toMatchObject({ open: true, evidence: {} });
    expect(await bench.client.hexists(keys.evidence, 'a')).toBe(0);
  });

  it('a test that is not open takes neither answers, verdicts, errors nor tries', async () => {
    await bench.open('a');
    await test.decide('a', survey);
    const before = await contents();
    expect(
      await test.noteAnswer('a', {
        probe: 'sessions',
        answer: { outcome: 'absent', sessionId: null },
        verdict: classic,
      }),
    ).toBe(false);
    await test.decide('a', classic);
    await test.fail('a', failure);
    await test.noteTries('a', 'video', { tries: 2 });
    expect(await contents()).toEqual(before);
  });

  it('a late answer brings nothing back of a test that was forgotten', async () => {
    await bench.open('a');
    await test.noteAnswer('a', { probe: 'sessions', answer: { outcome: 'present', sessionId: 's' } });
    for (const key of [keys.open, keys.listing, keys.evidence, keys.retries]) await bench.client.hdel(key, 'a');
    const before = await contents();
    expect(await test.noteAnswer('a', { probe: 'video', answer: { outcome: 'absent' }, verdict: survey })).toBe(false);
    await test.noteTries('a', 'qx', { tries: 1 });
    await test.fail('a', failure);
    expect(await contents()).toEqual(before);
    expect(await test.load('a')).toMatchObject({ open: false, evidence: {} });
  });
});

describe('outcomes', () => {
  it('a verdict ends the error and the tries of a test', async () => {
    await bench.open('a');
    await test.fail('a', failure);
    await bench.checkpoints.runs.finish((await bench.checkpoints.runs.list())[0]?.id ?? '');
    await sleep(5);
    await bench.open('a');
    await test.noteTries('a', 'video', { tries: 1 });
    await test.decide('a', survey);
    expect(await allErrors(bench.checkpoints)).toEqual([]);
    expect(await bench.client.hlen(keys.retries)).toBe(0);
  });

  it('an error recorded twice counts once', async () => {
    const run = await bench.open('a');
    await test.fail('a', failure);
    const before = await contents();
    await test.fail('a', { ...failure, error: 'another' });
    expect(await contents()).toEqual(before);
    expect(await bench.checkpoints.runs.read(run.id)).toMatchObject({ open: 0, outcomes: { error: 1 } });
  });

  it('two runs that wait for the same test both count its outcome', async () => {
    const one = await bench.open('a', 'b');
    const two = await bench.checkpoints.runs.start('w');
    const place = { workspace: 'w', position: 0, probe: true, joinedAt: two.joinedAt };
    const tests = [{ uuid: 'a', listing: {}, declared: null }];
    await bench.checkpoints.listing.savePage({ run: two.id, ...place, tests });
    await test.decide('a', survey);
    const read = async (id: string) => bench.checkpoints.runs.read(id);
    expect(await read(one.id)).toMatchObject({ selected: 2, open: 1, outcomes: { survey: 1 } });
    expect(await read(two.id)).toMatchObject({ selected: 1, open: 0, outcomes: { survey: 1 } });
  });

  it('an outcome for a run that is forgotten is recorded all the same', async () => {
    await bench.open('a');
    await bench.client.del(keys.runs);
    await test.decide('a', survey);
    expect((await bench.checkpoints.inventory.records(['a']))[0]?.verdict?.category).toBe('survey');
    expect(await bench.client.exists(keys.runs)).toBe(0);
  });

  it('the counts move with a test from its old verdict to its new one', async () => {
    await bench.open('a', 'b');
    await test.decide('a', verdict('no sessions', 'no-sessions-yet'));
    await test.decide('b', survey);
    await bench.checkpoints.runs.finish((await bench.checkpoints.runs.list())[0]?.id ?? '');
    await sleep(5);
    await bench.open('a', 'b');
    await test.decide('a', survey);
    const { byCategory, byRule, tests, open } = await bench.checkpoints.inventory.totals();
    expect({ byCategory, byRule, tests, open }).toEqual({
      byCategory: { 'no sessions': 0, survey: 2 },
      byRule: { 'no-sessions-yet': 0, 'no-other-data': 2 },
      tests: 2,
      open: 0,
    });
  });

  it('a feed tells of outcomes that fall after it was opened, oldest first, each once, and who waited for them', async () => {
    const { id } = await bench.open('a', 'b', 'c');
    await test.decide('a', survey);
    const feed = await bench.checkpoints.follow();
    await test.fail('b', failure);
    await sleep(3);
    await test.decide('c', classic);
    expect(await feed.read()).toMatchObject([
      { uuid: 'b', runs: [id], error: { type: 'unclassified_error' } },
      { uuid: 'c', runs: [id], verdict: { category: 'ClassicUT' } },
    ]);
    expect(await feed.read()).toEqual([]);
  });

  it('leave out what listings declare where that is not wanted, and say when more may be there', async () => {
    const { listing, runs } = bench.checkpoints;
    await bench.open('a');
    const { id: run, joinedAt } = await runs.start('declared');
    const [all, probed] = await Promise.all([
      bench.checkpoints.follow(),
      bench.checkpoints.follow({ declared: false }),
    ]);
    const declared = { category: 'survey', rule: 'declared-STUDYV2-SURVEY', source: 'declared' } as const;
    const tests = Array.from({ length: 1_000 }, (_, index) => ({ uuid: `d${index}`, listing: {}, declared }));
    await listing.savePage({ run, joinedAt, workspace: 'w', position: 0, probe: true, tests });
    await test.decide('a', classic);
    for (const [feed, counts] of [
      [all, [1_000, 1]],
      [probed, [0, 1]],
    ] as const) {
      expect((await feed.read()).length).toBe(counts[0]);
      expect(feed.behind).toBe(true);
      expect((await feed.read()).length).toBe(counts[1]);
      expect(feed.behind).toBe(false);
    }
  });
});

it('a feed without declared verdicts goes past those of new tests, and misses nothing that comes behind them', async () => {
  await bench.open('a', 'b');
  const { id: run, joinedAt } = await bench.checkpoints.runs.start('declared');
  const feed = await bench.checkpoints.follow({ declared: false });
  const declared = { category: 'survey', rule: 'declared-STUDYV2-SURVEY', source: 'declared' } as const;
  for (const uuid of ['a', 'b']) {
    const tests = Array.from({ length: 1_000 }, (_, index) => ({ uuid: `${uuid}${index}`, listing: {}, declared }));
    await bench.checkpoints.listing.savePage({ run, joinedAt, workspace: 'w', position: 0, probe: true, tests });
    expect([await feed.read(), feed.behind]).toEqual([[], false]);
    await test.decide(uuid, classic);
    expect(await feed.read()).toMatchObject([{ uuid, verdict: { category: 'ClassicUT' } }]);
  }
});

describe("the id of a test's session", () => {
  const video = verdict('interaction test', 'has-video');
  const finishedAt = Date.now() - 90_000_000;
  const sessionOf = async (uuid: string) => (await test.load(uuid)).evidence.sessions?.sessionId;

  /** A test whose session answered with a video; its verdict is final unless it has an end. */
  async function decided(provisionalUntil?: number): Promise<void> {
    await bench.open('a');
    await test.noteAnswer('a', { probe: 'sessions', answer: { outcome: 'present', sessionId: 's1', finishedAt } });
    const final = { ...video, ...(provisionalUntil !== undefined && { provisionalUntil }) };
    await test.noteAnswer('a', { probe: 'video', answer: { outcome: 'present' }, verdict: final });
  }
  /** The same test open once more, for other rules. */
  async function reopened(): Promise<void> {
    await decided();
    const [record] = await bench.checkpoints.inventory.records(['a']);
    const before = record?.verdict;
    if (!before) throw new Error('no verdict');
    const { id } = await bench.checkpoints.runs.start('reclassify');
    await bench.checkpoints.known.reclassify({ rules: 'tutorial', run: id }, [{ uuid: 'a', before, verdict: null }]);
  }

  it('is dropped with a final verdict, in whatever way that came', async () => {
    await decided();
    expect(await sessionOf('a')).toBe('{session}');
    await bench.open('b');
    await test.noteAnswer('b', { probe: 'sessions', answer: { outcome: 'present', sessionId: 's2' } });
    await test.decide('b', survey);
    expect(await sessionOf('b')).toBe('{session}');
    expect(JSON.stringify(await contents())).not.toMatch(/"s[12]\\*"/);
  });

  it('is kept for a provisional verdict, which asks about the same session once more', async () => {
    await decided(Date.now() + 60_000);
    expect(await sessionOf('a')).toBe('s1');
  });

  it('that there are no sessions is no id', async () => {
    await bench.open('a');
    const answer = { outcome: 'present', sessionId: null } as const;
    await test.noteAnswer('a', { probe: 'sessions', answer, verdict: verdict('no sessions', 'no-sessions-yet') });
    expect(await sessionOf('a')).toBeNull();
  });

  it('is asked for again where data of the session are missing, and answers about the same session stay', async () => {
    await reopened();
    const { evidence } = await test.load('a');
    const answer = { outcome: 'present', sessionId: 's1', finishedAt } as const;
    const again = { probe: 'sessions', answer, basis: evidence } as const;
    expect(await test.noteAnswer('a', again)).toBe(true);
    const known = await contents();
    // ioredis may send it twice.
    await test.noteAnswer('a', again);
    expect(await contents()).toEqual(known);
    expect((await test.load('a')).evidence).toMatchObject({
      sessions: { sessionId: 's1', finishedAt },
      video: { outcome: 'present' },
    });
  });

  it.each([
    ['has finished at another time', { outcome: 'present', sessionId: 's9', finishedAt: finishedAt + 1 }],
    ['has no known end', { outcome: 'present', sessionId: 's9' }],
    ['is gone', { outcome: 'present', sessionId: null }],
  ] as const)('what was said of it does not count for a session that %s', async (_what, answer) => {
    await reopened();
    const { evidence } = await test.load('a');
    const noted = { probe: 'sessions', answer, basis: evidence, verdict: video } as const;
    // The verdict rests on the video too.
    expect(await test.noteAnswer('a', noted)).toBe(false);
    const after = await test.load('a');
    expect(after).toMatchObject({ open: true, evidence: { sessions: { sessionId: answer.sessionId } } });
    expect(after.evidence.video).toBeUndefined();
  });

  it('answers count for a day each, also when the session was asked for again in between', async () => {
    await reopened();
    const old = { sessions: { outcome: 'present', sessionId: 's1', at: Date.now() } };
    const stale = { ...old, qx: { outcome: 'absent', at: Date.now() - 25 * 3_600_000 } };
    await bench.client.hset(keys.evidence, 'a', JSON.stringify(stale));
    expect((await test.load('a')).evidence).toEqual({});
  });
});
