import type { Verdict } from '@inventory/classification';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestCheckpoints, type TestCheckpoints } from '../../../test/support/checkpoints.ts';
import type { ControlReason, Controls } from './controls.ts';
import { keysOf } from './keys.ts';

let bench: TestCheckpoints;
let controls: Controls;
let keys: ReturnType<typeof keysOf>;

beforeEach(async () => {
  bench = await openTestCheckpoints();
  controls = bench.checkpoints.controls;
  keys = keysOf(bench.prefix);
});
afterEach(() => bench[Symbol.asyncDispose]());

const classic = { category: 'ClassicUT', rule: 'sessions-not-found', source: 'probed' } as const;
const noSessions = { category: 'no sessions', rule: 'no-sessions-yet', source: 'probed' } as const;

const failure = {
  status: 403,
  status_code: 403,
  type: 'unclassified_error',
  error: '',
  body: null,
  attempts: 1,
} as const;

const names = (count: number, letter = 't') => Array.from({ length: count }, (_, index) => `${letter}${index}`);

/** Tests that the API answers 404 for. */
async function unknownTests(...uuids: string[]) {
  const run = await bench.open(...uuids);
  for (const uuid of uuids) {
    await bench.checkpoints.test.noteAnswer(uuid, {
      probe: 'sessions',
      answer: { outcome: 'absent', sessionId: null },
      verdict: classic,
    });
  }
  return run;
}

/** Tests that the API answers 200 for. */
async function knownTests(...uuids: string[]): Promise<void> {
  await bench.open(...uuids);
  for (const uuid of uuids) {
    await bench.checkpoints.test.noteAnswer(uuid, {
      probe: 'sessions',
      answer: { outcome: 'present', sessionId: null },
      verdict: noSessions,
    });
  }
}

/** Tests that their listing declares to be of the newer kind, whatever decides. */
async function declaredTests(...uuids: string[]): Promise<void> {
  const run = await bench.checkpoints.runs.start('declared');
  const tests = uuids.map((uuid) => ({ uuid, listing: { type: 'studyv2' }, declared: null }));
  const place = { workspace: 'w', position: 0, probe: false };
  await bench.checkpoints.listing.savePage({ run: run.id, joinedAt: run.joinedAt, ...place, tests });
}

const streak = async () => (await bench.checkpoints.test.load('any')).streak;
const unconfirmed = async () => (await bench.client.smembers(keys.unconfirmed)).sort();
const verdictOf = async (uuid: string): Promise<Verdict | null> =>
  (await bench.checkpoints.inventory.records([uuid]))[0]?.verdict ?? null;
const ask = (asker = 'asker', why: ControlReason = 'streak') => controls.next({ asker, why, leaseMs: 60_000 });

describe('a streak of ClassicUT verdicts', () => {
  it('does not end with a 200 that was asked for before a 404 of it was noted', async () => {
    const before = Date.now() - 1_000;
    await unknownTests('t0');
    await bench.open('k');
    const { test } = bench.checkpoints;
    const present = { outcome: 'present', sessionId: null } as const;
    await test.noteAnswer('k', { probe: 'sessions', answer: present, verdict: noSessions, askedAt: before });
    expect(await streak()).toBe(1);
    await controls.known({ uuid: 'k', asker: 'k' }, Date.now() + 1_000);
    expect(await streak()).toBe(0);
  });

  it('grows with each 404 and ends at the next 200', async () => {
    await unknownTests(...names(3));
    expect(await streak()).toBe(3);
    await knownTests('k');
    expect(await streak()).toBe(0);
    await unknownTests('t9');
    expect(await streak()).toBe(1);
  });

  it('ends at a 200 also where its 404s are from before Redis’ clock was set back', async () => {
    await unknownTests('t0');
    const absent = { outcome: 'absent', sessionId: null, at: Date.now() + 3_600_000 };
    await bench.client.hset(keys.evidence, 't0', JSON.stringify({ sessions: absent }));
    await controls.known({ uuid: 'k', asker: 'k' }, Date.now());
    expect(await streak()).toBe(0);
  });

  it('is unconfirmed from ten on where there is no control, and until a sessionResults answers 200', async () => {
    await unknownTests(...names(9));
    expect(await unconfirmed()).toEqual([]);
    const { revision, libraryRevision } = await bench.checkpoints.inventory.revisions();
    await unknownTests('t9', 'ta');
    expect(await unconfirmed()).toEqual([...names(10), 'ta']);
    expect((await bench.checkpoints.inventory.records(['t0']))[0]?.certainty).toBe('unconfirmed');
    const after = await bench.checkpoints.inventory.revisions();
    expect(after.revision).toBeGreaterThan(revision);
    expect(after.libraryRevision).toBeGreaterThan(libraryRevision);
    await knownTests('k');
    expect(await unconfirmed()).toEqual([]);
    expect((await bench.checkpoints.inventory.records(['t0']))[0]?.certainty).toBe('final');
  });

  it.each([
    ['a test that answered 200 before', () => knownTests('k')],
    ['a test that its listing declares', () => declaredTests('k')],
  ])('is not unconfirmed as long as there is %s', async (_, control) => {
    await control();
    await unknownTests(...names(12));
    expect(await unconfirmed()).toEqual([]);
  });
});

describe('the control to ask', () => {
  it('is the test that answered 200 last, before one that is only declared', async () => {
    await declaredTests('d');
    expect(await ask()).toEqual({ kind: 'ask', uuid: 'd' });
    await knownTests('k1');
    await knownTests('k2');
    expect(await ask()).toEqual({ kind: 'ask', uuid: 'k2' });
  });

  it('is asked by one process at a time, by another when that one has died', async () => {
    await knownTests('k');
    expect(await ask('a')).toEqual({ kind: 'ask', uuid: 'k' });
    expect(await ask('b')).toEqual({ kind: 'asked' });
    expect(await ask('a')).toEqual({ kind: 'ask', uuid: 'k' });
    await controls.leave();
    expect(await ask('c')).toEqual({ kind: 'ask', uuid: 'k' });
    expect(await controls.next({ asker: 'b', why: 'streak', leaseMs: 0 })).toEqual({ kind: 'ask', uuid: 'k' });
  });

  it('is none where no test should be known', async () => {
    await unknownTests('t');
    expect(await ask()).toEqual({ kind: 'none' });
  });

  it('is found in evidence where none is known', async () => {
    await knownTests('k');
    await bench.client.del(keys.controls);
    await controls.seed();
    expect(await ask()).toEqual({ kind: 'ask', uuid: 'k' });
  });

  it('is no test that was forgotten', async () => {
    await knownTests('k');
    await bench.checkpoints.known.forget(['k']);
    expect(await ask()).toEqual({ kind: 'none' });
  });
});

describe('a control that answers 404', () => {
  it('is followed by a second one, and asked no more', async () => {
    await knownTests('k1');
    await knownTests('k2');
    await unknownTests(...names(3));
    const control = { uuid: 'k2', asker: 'x' };
    expect(await controls.unknown(control)).toMatchObject({ kind: 'another', uuids: [] });
    expect(await ask()).toEqual({ kind: 'ask', uuid: 'k1' });
    await controls.known({ uuid: 'k1', asker: 'k1' });
    expect(await streak()).toBe(0);
    expect(await ask()).toEqual({ kind: 'ask', uuid: 'k1' });
  });

  it('holds the queue with a second one that answered 200 once: the streak is open again', async () => {
    await knownTests('k1', 'k2');
    const run = await unknownTests(...names(3));
    const knownAt = Number(await bench.client.zscore(keys.controls, 'k2'));
    await bench.open('asker');
    const control = { asker: 'asker' };
    await controls.unknown({ ...control, uuid: 'k1' });
    const reevaluated = await controls.unknown({ ...control, uuid: 'k2' });
    expect(reevaluated).toMatchObject({ kind: 'hold', knownAt });
    expect([...reevaluated.uuids].sort()).toEqual(names(3));
    expect(await verdictOf('t0')).toBeNull();
    expect(await bench.client.hget(keys.counts, 'ClassicUT|sessions-not-found')).toBe('0');
    const record = await bench.checkpoints.runs.read(run.id);
    expect(record).toMatchObject({ open: 4, outcomes: { 'no sessions': 2 } });
    expect(Object.keys(await bench.client.hgetall(keys.open)).sort()).toEqual(['asker', ...names(3)]);
    expect(await streak()).toBe(0);
  });

  it('has a run that was over go on, so that its end is another one', async () => {
    await knownTests('k1', 'k2');
    const { id } = await unknownTests('t0');
    const { runs } = bench.checkpoints;
    await runs.markListed(id);
    expect(await runs.read(id)).toHaveProperty('endedAt');
    for (const uuid of ['k1', 'k2']) await controls.unknown({ uuid, asker: 'x' });
    expect(await runs.read(id)).not.toHaveProperty('endedAt');
  });

  it('leaves a test that is being probed again the verdict that it had', async () => {
    await knownTests('k1', 'k2', 'again');
    await bench.checkpoints.runs.finish((await bench.open()).id);
    await bench.open('again');
    const { test } = bench.checkpoints;
    await test.noteAnswer('again', { probe: 'sessions', answer: { outcome: 'present', sessionId: 's' } });
    await test.noteAnswer('again', { probe: 'video', answer: { outcome: 'absent' } });
    for (const uuid of ['k1', 'k2']) await controls.unknown({ uuid, asker: 'again' });
    expect(Object.keys((await test.load('again')).evidence)).toEqual(['sessions']);
    expect(await verdictOf('again')).toMatchObject({ category: 'no sessions' });
  });

  it('takes back with the streak what was absent of other tests, and what rests on that', async () => {
    await knownTests('k1', 'k2');
    const run = await bench.open('survey', 'begun', 'asker');
    const { test } = bench.checkpoints;
    for (const uuid of ['survey', 'begun']) {
      await test.noteAnswer(uuid, { probe: 'sessions', answer: { outcome: 'present', sessionId: 's' } });
    }
    const survey = { category: 'survey', rule: 'no-other-data', source: 'probed' } as const;
    await test.noteAnswer('survey', { probe: 'video', answer: { outcome: 'absent' } });
    await test.noteAnswer('survey', { probe: 'transcript', answer: { outcome: 'absent' }, verdict: survey });
    await test.noteAnswer('begun', { probe: 'video', answer: { outcome: 'absent' } });
    for (const uuid of ['k1', 'k2']) await controls.unknown({ uuid, asker: 'asker' });
    expect(await verdictOf('survey')).toBeNull();
    for (const uuid of ['survey', 'begun']) {
      expect(Object.keys((await test.load(uuid)).evidence)).toEqual(['sessions']);
    }
    expect(await bench.checkpoints.runs.read(run.id)).toMatchObject({ open: 3 });
  });

  it('holds until a control is known: no 404 counts that was asked for before', async () => {
    await knownTests('k1', 'k2');
    await bench.open('late', 'asker');
    const { test } = bench.checkpoints;
    const knownAt = Number(await bench.client.zscore(keys.controls, 'k2'));
    for (const uuid of ['k1', 'k2']) await controls.unknown({ uuid, asker: 'asker' });
    expect((await test.load('late')).heldFor).toBe(knownAt);
    const absent = { outcome: 'absent', sessionId: null } as const;
    const note = (askedAt: number) =>
      test.noteAnswer('late', { probe: 'sessions', answer: absent, verdict: classic, askedAt });
    const [seconds] = await bench.client.time();
    const now = Number(seconds) * 1000;
    expect(await note(now + 60_000)).toBe(false);
    await controls.known({ uuid: 'k1', asker: 'k1' });
    expect((await test.load('late')).heldFor).toBeNull();
    expect(await note(now - 1)).toBe(false);
    expect(await note(now + 60_000)).toBe(true);
    expect(await verdictOf('late')).toMatchObject({ category: 'ClassicUT' });
  });

  it('takes back also what was only doubted before', async () => {
    await knownTests('k1', 'k2');
    await unknownTests('t0');
    await bench.client.sadd(keys.unconfirmed, 't0');
    await bench.client.del(keys.streak);
    const run = await bench.open('asker');
    await controls.unknown({ uuid: 'k1', asker: 'asker' });
    expect(await controls.unknown({ uuid: 'k2', asker: 'asker' })).toMatchObject({ kind: 'hold', uuids: ['t0'] });
    expect(await bench.client.hget(keys.open, 't0')).toBe(run.id);
    expect(await unconfirmed()).toEqual([]);
  });

  it('says so again when it is told twice, and takes nothing back twice', async () => {
    await knownTests('k1', 'k2');
    await unknownTests('t0');
    await bench.open('asker');
    await controls.unknown({ uuid: 'k1', asker: 'asker' });
    expect(await controls.unknown({ uuid: 'k2', asker: 'asker' })).toMatchObject({ kind: 'hold', uuids: ['t0'] });
    expect(await controls.unknown({ uuid: 'k2', asker: 'asker' })).toMatchObject({ kind: 'held' });
    expect((await bench.checkpoints.test.load('t0')).heldFor).not.toBeNull();
  });

  it('is not believed for longer where Redis’ clock was set back after a hold', async () => {
    await bench.open('late');
    const [seconds] = await bench.client.time();
    const ahead = (Number(seconds) + 3_600) * 1000;
    await bench.client.hset(keys.hold, 'since', 1, 'knownAt', 1, 'over', ahead);
    const absent = { outcome: 'absent', sessionId: null } as const;
    expect(
      await bench.checkpoints.test.noteAnswer('late', {
        probe: 'sessions',
        answer: absent,
        verdict: classic,
        askedAt: 5,
      }),
    ).toBe(true);
  });

  it('leaves the question to any open test where no control is left, not to the first in the queue each time', async () => {
    await knownTests('k1', 'k2');
    for (const uuid of ['k1', 'k2']) await controls.unknown({ uuid, asker: 'x' });
    await bench.checkpoints.known.forget(['k1', 'k2']);
    expect(await ask('x', 'hold')).toEqual({ kind: 'none' });
    await bench.open('t0', 't1');
    const asked = new Set<string>();
    for (let times = 0; times < 50; times += 1) asked.add(JSON.stringify(await ask('t0', 'hold')));
    expect(asked).toEqual(new Set(['t0', 't1'].map((uuid) => JSON.stringify({ kind: 'ask', uuid }))));
  });

  it('gives tests of a run that is over to the run in whose place it was asked', async () => {
    await knownTests('k1', 'k2');
    const first = await unknownTests('t0');
    await bench.checkpoints.runs.finish(first.id);
    const second = await bench.open('asker');
    expect(second.id).not.toBe(first.id);
    for (const uuid of ['k1', 'k2']) await controls.unknown({ uuid, asker: 'asker' });
    expect(await bench.client.hget(keys.open, 't0')).toBe(second.id);
    expect(await bench.checkpoints.runs.read(second.id)).toMatchObject({ open: 2, selected: 2 });
    expect(await bench.checkpoints.runs.read(first.id)).toMatchObject({ open: 0, outcomes: { ClassicUT: 1 } });
  });

  it('leaves the streak unconfirmed when the second is only declared, or there is none', async () => {
    await declaredTests('d1', 'd2');
    await unknownTests(...names(3));
    await controls.unknown({ uuid: 'd1', asker: 'x' });
    const reevaluated = await controls.unknown({ uuid: 'd2', asker: 'x' });
    expect(reevaluated).toMatchObject({ kind: 'doubt' });
    expect([...reevaluated.uuids].sort()).toEqual(names(3));
    expect(await unconfirmed()).toEqual(names(3));
    expect(await streak()).toBe(0);
    expect(await ask()).toEqual({ kind: 'none' });
    await unknownTests('t8');
    expect(await unconfirmed()).toEqual([...names(3), 't8']);
  });

  it('still counts for a hold, which only a test that answered 200 once can end', async () => {
    await declaredTests('d');
    await knownTests('k1', 'k2');
    for (const uuid of ['k1', 'k2']) await controls.unknown({ uuid, asker: 'x' });
    const asked = [await ask('x', 'hold'), await ask('x', 'hold'), await ask('x', 'hold')];
    expect(new Set(asked.map((question) => 'uuid' in question && question.uuid))).toEqual(new Set(['k1', 'k2']));
    expect(await controls.unknown({ uuid: 'k1', asker: 'x' })).toMatchObject({ kind: 'held' });
  });
});

describe('a control without an answer', () => {
  it('is none of the two that hold the queue, or leave a doubt', async () => {
    for (const uuid of ['k1', 'k2', 'k3']) await knownTests(uuid);
    await unknownTests('t0');
    expect(await controls.unknown({ uuid: 'k3', asker: 'x' })).toMatchObject({ kind: 'another' });
    expect(await controls.unusable({ uuid: 'k2', asker: 'x' })).toMatchObject({ kind: 'another' });
    expect(await controls.unknown({ uuid: 'k1', asker: 'x' })).toMatchObject({ kind: 'hold' });
  });

  it('is left out of the round, and others asked; after five a doubt is left', async () => {
    await knownTests(...names(6, 'k'));
    await unknownTests('t0');
    const kinds: string[] = [];
    for (const uuid of names(5, 'k')) kinds.push((await controls.unusable({ uuid, asker: 'x' })).kind);
    expect(kinds).toEqual(['another', 'another', 'another', 'another', 'doubt']);
  });

  it('is asked as often as it is tried; after all of them a doubt is left', async () => {
    for (const uuid of ['k2', 'k3']) await knownTests(uuid);
    await unknownTests('t0');
    expect(await controls.failed('k3')).toBe(1);
    expect(await controls.failed('k3')).toBe(2);
    expect(await controls.unusable({ uuid: 'k3', asker: 'x' })).toMatchObject({ kind: 'another' });
    expect(await ask()).toEqual({ kind: 'ask', uuid: 'k2' });
    expect(await controls.unusable({ uuid: 'k2', asker: 'x' })).toMatchObject({ kind: 'doubt' });
    expect(await ask()).toEqual({ kind: 'ask', uuid: 'k3' });
  });

  it('gives way to the next one in an outage', async () => {
    await knownTests('k1', 'k2');
    const asked = [await ask('x', 'outage'), await ask('x', 'outage')];
    expect(new Set(asked.map((question) => 'uuid' in question && question.uuid))).toEqual(new Set(['k1', 'k2']));
  });
});

describe('unconfirmed tests', () => {
  it('are asked once more: three of them, once for all', async () => {
    const before = await unknownTests(...names(12));
    await bench.checkpoints.runs.finish(before.id);
    const run = await bench.checkpoints.runs.start('all');
    const taken = await bench.checkpoints.known.openUnconfirmed(run.id);
    expect(taken).toHaveLength(3);
    expect(await bench.checkpoints.runs.read(run.id)).toMatchObject({ open: 3, selected: 3 });
    for (const uuid of taken) expect((await bench.checkpoints.test.load(uuid)).evidence).toEqual({});
    expect(await bench.checkpoints.known.openUnconfirmed(run.id)).toEqual([]);
    for (const uuid of taken) {
      await bench.checkpoints.test.noteAnswer(uuid, {
        probe: 'sessions',
        answer: { outcome: 'absent', sessionId: null },
        verdict: classic,
      });
    }
    expect(await unconfirmed()).toHaveLength(12);
    const next = await bench.checkpoints.runs.start('other');
    expect(await bench.checkpoints.known.openUnconfirmed(next.id)).toEqual([]);
  });

  it('are all open again when one of them answers 200: its 404 was not the API’s word, nor theirs', async () => {
    const before = await unknownTests(...names(12));
    await bench.checkpoints.runs.finish(before.id);
    const run = await bench.checkpoints.runs.start('all');
    const [first = '', second = ''] = await bench.checkpoints.known.openUnconfirmed(run.id);
    const answer = { outcome: 'present', sessionId: null } as const;
    await bench.checkpoints.test.noteAnswer(first, { probe: 'sessions', answer, verdict: noSessions });
    expect((await bench.client.hkeys(keys.open)).sort()).toEqual(
      names(12)
        .filter((uuid) => uuid !== first)
        .sort(),
    );
    expect(await bench.checkpoints.runs.read(run.id)).toMatchObject({ open: 11, outcomes: { 'no sessions': 1 } });
    expect((await verdictOf(first))?.category).toBe('no sessions');
    const others = names(12).filter((uuid) => uuid !== first && uuid !== second);
    expect((await bench.checkpoints.test.load(others[0] ?? '')).evidence).toEqual({});
    await unknownTests(...others);
    await bench.checkpoints.test.fail(second, failure);
    expect(await bench.checkpoints.runs.read(run.id)).toMatchObject({ open: 0 });
    expect(await verdictOf(second), 'nothing is left beside the error').toBeNull();
    expect(await unconfirmed()).toEqual([]);
  });

  it('are open again also when one of them answers 200 as a control, itself included', async () => {
    await unknownTests(...names(3));
    await declaredTests('t1');
    const run = await bench.open('asker');
    await controls.known({ uuid: 't1', asker: 'asker' });
    expect((await bench.client.hkeys(keys.open)).sort()).toEqual(['asker', ...names(3)]);
    expect(await bench.checkpoints.runs.read(run.id)).toMatchObject({ open: 4 });
    expect(await streak()).toBe(0);
  });
});
