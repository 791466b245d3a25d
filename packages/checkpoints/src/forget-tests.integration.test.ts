import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestCheckpoints, type TestCheckpoints } from '../../../test/support/open-test-checkpoints.ts';
import { redisContents } from '../../../test/support/redis-contents.ts';

const present = { outcome: 'present', sessionId: 's' } as const;
const survey = { category: 'survey', rule: 'no-other-data', source: 'probed' } as const;
const failure = {
  status: 403,
  status_code: 403,
  type: 'unclassified_error',
  error: 'no',
  body: null,
  attempts: 1,
} as const;

let bench: TestCheckpoints;
beforeEach(async () => {
  bench = await openTestCheckpoints();
});
afterEach(() => bench[Symbol.asyncDispose]());

describe('a forgotten test', () => {
  it('leaves no trace, whether decided, failed or half asked', async () => {
    const { checkpoints, client, prefix, open } = bench;
    await open('kept', 'decided', 'failed', 'begun');
    await checkpoints.test.decide('kept', survey);
    const before = await redisContents(client, prefix);
    await checkpoints.test.noteAnswer('decided', { probe: 'sessions', answer: present, verdict: survey });
    await checkpoints.test.fail('failed', failure);
    await checkpoints.test.noteAnswer('begun', { probe: 'sessions', answer: present });
    await checkpoints.test.noteTries('begun', 'video', { tries: 2 });
    expect(await checkpoints.known.forget(['decided', 'failed', 'begun', 'never seen'])).toEqual([
      { key: 'decided', wasOpen: false },
      { key: 'failed', wasOpen: false },
      { key: 'begun', wasOpen: true },
    ]);
    const after = await redisContents(client, prefix);
    for (const name of ['verdicts', 'evidence', 'errors', 'retries', 'counts']) {
      expect(after[`${prefix}:${name}`]).toEqual(before[`${prefix}:${name}`]);
    }
    expect(after[`${prefix}:catalogue`]).toEqual(['kept', '0']);
    expect(await checkpoints.inventory.totals()).toMatchObject({ tests: 1, open: 0, errors: 0 });
  });

  it('is waited for no longer, so that the runs can end', async () => {
    const { checkpoints, open } = bench;
    const { id } = await open('a', 'b');
    await checkpoints.known.forget(['a']);
    await checkpoints.test.decide('b', survey);
    expect(await checkpoints.runs.read(id)).toMatchObject({ open: 0, outcomes: { forgotten: 1, survey: 1 } });
  });

  it('is not brought back by an answer, a verdict, an error or a failed try that comes later', async () => {
    const { checkpoints, client, prefix, open } = bench;
    await open('a');
    await checkpoints.test.noteAnswer('a', { probe: 'sessions', answer: present });
    await checkpoints.known.forget(['a']);
    const before = await redisContents(client, prefix);
    expect(
      await checkpoints.test.noteAnswer('a', { probe: 'video', answer: { outcome: 'present' }, verdict: survey }),
    ).toBe(false);
    await checkpoints.test.decide('a', survey);
    await checkpoints.test.fail('a', failure);
    await checkpoints.test.noteTries('a', 'video', { tries: 1 });
    expect(await redisContents(client, prefix)).toEqual(before);
    expect((await checkpoints.test.load('a')).open).toBe(false);
  });

  it('is found again by the listing, from its beginning', async () => {
    const { checkpoints, open } = bench;
    const { id } = await open('a');
    await checkpoints.listing.saveCursor('w', id, 'c');
    await checkpoints.known.forget(['a']);
    expect(await checkpoints.listing.cursor('w', id, 1_000_000)).toBeNull();
    await open('a');
    expect(await checkpoints.inventory.records(['a'])).toMatchObject([{ open: true, evidence: {} }]);
  });
});

it('to forget everything keeps the schema, the generation and the runs, and all else is as new', async () => {
  const { checkpoints, client, prefix, open } = bench;
  await checkpoints.import.ensureInUse(async () => undefined);
  await client.set(`${prefix}:generation`, 'g');
  const { id } = await open('a', 'b', 'c');
  await checkpoints.test.decide('a', survey);
  await checkpoints.test.fail('b', failure);
  await checkpoints.listing.failWorkspace('w', failure);
  await checkpoints.import.errors([{ key: 'never listed', error: failure }]);
  const forgotten = await checkpoints.known.forgetAll();
  expect(forgotten.map(({ key }) => key).sort()).toEqual(['a', 'b', 'c', 'never listed', 'workspace:w']);
  expect(await checkpoints.inventory.totals()).toMatchObject({ tests: 0, open: 0, errors: 0 });
  expect(await checkpoints.runs.read(id)).toMatchObject({ open: 0 });
  expect(await checkpoints.inventory.lastVerdictAt()).toBeNull();
  expect(await client.get(`${prefix}:schema`)).toBe('1');
  expect(await client.get(`${prefix}:generation`)).toBe('g');
});
