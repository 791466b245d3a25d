import { setTimeout as sleep } from 'node:timers/promises';
import { evidenceLife } from '@inventory/classification';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTestCheckpoints, type TestCheckpoints } from '../../../test/support/open-test-checkpoints.ts';
import { RunLostError } from './errors.ts';

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

/** A test that ended in an error after its first answer. */
async function failed(uuid: string): Promise<void> {
  await bench.open(uuid);
  await bench.checkpoints.test.noteAnswer(uuid, { probe: 'sessions', answer: present });
  await bench.checkpoints.test.fail(uuid, failure);
}

it('takes up what ended in an error, keeping its answers and its error until there is an outcome', async () => {
  const { checkpoints } = bench;
  await failed('a');
  const { id } = await checkpoints.runs.start('retry');
  expect(await checkpoints.known.retry(id, ['a'])).toEqual(['a']);
  expect(await checkpoints.inventory.records(['a'])).toMatchObject([
    { open: true, error: { type: 'unclassified_error' }, evidence: { sessions: { outcome: 'present' } } },
  ]);
  expect(await checkpoints.runs.read(id)).toMatchObject({ selected: 1, open: 1 });
  await checkpoints.test.decide('a', survey);
  expect(await checkpoints.inventory.records(['a'])).toMatchObject([{ open: false, error: null }]);
  expect(await checkpoints.runs.read(id)).toMatchObject({ open: 0, outcomes: { survey: 1 } });
});

it('does the same when it is sent twice', async () => {
  const { checkpoints } = bench;
  await failed('a');
  const { id } = await checkpoints.runs.start('retry');
  await checkpoints.known.retry(id, ['a']);
  expect(await checkpoints.known.retry(id, ['a'])).toEqual(['a']);
  expect(await checkpoints.runs.read(id)).toMatchObject({ selected: 1, open: 1 });
});

it('leaves alone what has no error, is decided, was never listed, or is waited for by another run', async () => {
  const { checkpoints, open } = bench;
  await failed('waiting');
  // A test that failed in the very millisecond in which a producer joins is not taken up again.
  await sleep(5);
  await open('new', 'decided', 'waiting');
  await checkpoints.test.decide('decided', survey);
  await checkpoints.import.errors([{ key: 'unlisted', error: failure }]);
  const { id } = await checkpoints.runs.start('retry');
  expect(await checkpoints.known.retry(id, ['new', 'decided', 'unlisted', 'waiting', 'unknown'])).toEqual([]);
});

it('asks anew what was answered more than a day ago', async () => {
  const { checkpoints, client, prefix } = bench;
  await failed('a');
  const old = { sessions: { ...present, at: Date.now() - evidenceLife - 1000 } };
  await client.hset(`${prefix}:evidence`, 'a', JSON.stringify(old));
  const { id } = await checkpoints.runs.start('retry');
  await checkpoints.known.retry(id, ['a']);
  expect(await checkpoints.inventory.records(['a'])).toMatchObject([{ evidence: {} }]);
});

it('says when Redis has forgotten the run', async () => {
  await failed('a');
  await expect(bench.checkpoints.known.retry('gone', ['a'])).rejects.toThrow(RunLostError);
});
