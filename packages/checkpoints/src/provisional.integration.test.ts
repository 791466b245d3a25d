import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTestCheckpoints, type TestCheckpoints } from '../../../test/support/checkpoints.ts';
import { keysOf } from './keys.ts';
import type { NewVerdict } from './records.ts';

const day = 24 * 3_600_000;

let bench: TestCheckpoints;
let keys: ReturnType<typeof keysOf>;

beforeEach(async () => {
  bench = await openTestCheckpoints();
  keys = keysOf(bench.prefix);
});
afterEach(() => bench[Symbol.asyncDispose]());

/** A think-out-loud test whose video and scores were absent, provisional until a time. */
async function decided(uuid: string, provisionalUntil: number): Promise<void> {
  const run = await bench.open(uuid);
  const { test } = bench.checkpoints;
  await test.noteAnswer(uuid, { probe: 'sessions', answer: { outcome: 'present', sessionId: 's' } });
  await test.noteAnswer(uuid, { probe: 'video', answer: { outcome: 'absent' } });
  await test.noteAnswer(uuid, { probe: 'qx', answer: { outcome: 'absent' } });
  const verdict: NewVerdict = {
    category: 'think-out-loud test',
    rule: 'has-transcript',
    source: 'probed',
    provisionalUntil,
  };
  await test.noteAnswer(uuid, { probe: 'transcript', answer: { outcome: 'present' }, verdict });
  await bench.checkpoints.runs.finish(run.id);
}

/** Lists the test in a new run. */
async function list(uuid: string, declared: NewVerdict | null = null) {
  const run = await bench.checkpoints.runs.start('all');
  const tests = [{ uuid, listing: {}, declared }];
  const page = { run: run.id, joinedAt: run.joinedAt, workspace: 'w', position: 0, probe: true, tests };
  return bench.checkpoints.listing.savePage(page);
}

const loaded = (uuid: string) => bench.checkpoints.test.load(uuid);
const certainty = async (uuid: string) => (await bench.checkpoints.inventory.records([uuid]))[0]?.certainty;

it('a provisional verdict stands as it is until its time has come', async () => {
  await decided('a', Date.now() + day);
  expect(await certainty('a')).toBe('provisional');
  expect(await bench.client.zrange(keys.provisional, '0', '-1')).toEqual(['a']);
  expect(await list('a')).toEqual([]);
});

it('the first run after that asks once more for what was absent, and for nothing else', async () => {
  await decided('a', Date.now() - 1);
  expect(await list('a')).toEqual([{ uuid: 'a', why: 'recheck' }]);
  const { evidence, askedAgain } = await loaded('a');
  expect(askedAgain).toBe(true);
  expect(Object.keys(evidence).sort()).toEqual(['sessions', 'transcript']);
  expect(await certainty('a')).toBe('provisional');
});

it('its sessions are not asked for again, however old they are by then', async () => {
  await decided('a', Date.now() - 1);
  const old = JSON.parse((await bench.client.hget(keys.evidence, 'a')) ?? '{}');
  old.sessions.at -= 3 * day;
  await bench.client.hset(keys.evidence, 'a', JSON.stringify(old));
  await list('a');
  expect((await loaded('a')).evidence.sessions).toMatchObject({ sessionId: 's' });
});

it('what is asked once more stays so, however long the run is interrupted', async () => {
  await decided('a', Date.now() - 1);
  await list('a');
  const old = JSON.parse((await bench.client.hget(keys.evidence, 'a')) ?? '{}');
  await bench.client.hset(
    keys.evidence,
    'a',
    JSON.stringify({ ...old, again: old.again - 3 * day }).replace(/"at":\d+/g, '"at":1'),
  );
  expect(await loaded('a')).toMatchObject({ askedAgain: true, evidence: { sessions: { sessionId: 's' } } });
});

it('an interrupted run goes on with what it has asked again', async () => {
  await decided('a', Date.now() - 1);
  await list('a');
  await bench.checkpoints.test.noteAnswer('a', { probe: 'video', answer: { outcome: 'absent' } });
  expect(await list('a')).toEqual([{ uuid: 'a', why: 'recheck' }]);
  expect(Object.keys((await loaded('a')).evidence).sort()).toEqual(['sessions', 'transcript', 'video']);
});

it('what it shows is final: it is asked again once, not for ever', async () => {
  await decided('a', Date.now() - 1);
  await list('a');
  const { test } = bench.checkpoints;
  await test.noteAnswer('a', {
    probe: 'video',
    answer: { outcome: 'present' },
    verdict: {
      category: 'interaction test',
      rule: 'has-video',
      source: 'probed',
    },
  });
  expect(await certainty('a')).toBe('final');
  expect(await bench.client.exists(keys.provisional)).toBe(0);
  expect(await list('a')).toEqual([]);
});

it('a listing that declares the type by then decides without a request', async () => {
  await decided('a', Date.now() - 1);
  expect(await list('a', { category: 'survey', rule: 'declared-STUDYV2-SURVEY', source: 'declared' })).toEqual([]);
  expect((await bench.checkpoints.inventory.records(['a']))[0]?.verdict).toMatchObject({ source: 'declared' });
  expect(await bench.client.exists(keys.provisional)).toBe(0);
});

it('a test that is forgotten is asked about no more', async () => {
  await decided('a', Date.now() - 1);
  await bench.checkpoints.known.forget(['a']);
  expect(await bench.client.exists(keys.provisional)).toBe(0);
});
