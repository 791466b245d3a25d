import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { allErrors, openTestCheckpoints, type TestCheckpoints } from '../../../test/support/checkpoints.ts';
import { keysOf } from './keys.ts';

const failure = { status: 503, status_code: 503, type: 'unclassified_error', error: 'down', attempts: 3 } as const;

let bench: TestCheckpoints;
beforeEach(async () => {
  bench = await openTestCheckpoints();
});
afterEach(() => bench[Symbol.asyncDispose]());

it.each([
  ['an empty list', []],
  ['an empty object', {}],
  ['empty ones inside', { a: [], b: {}, c: [[], {}] }],
  ['nulls in a list', [null, 1, null]],
  ['a number as a string', '007'],
  ['a number of more than 14 digits', { id: 1_234_567_890_123_456 }],
  ['fractions', [0.1 + 0.2, 1e-9]],
  ['quotes, backslashes, unicode', '"\\ \u2028 🦊 \u0000 /'],
  ['half a character, where the body was cut', `${'x'.repeat(1999)}\ud83e`],
  ['999 levels', JSON.parse('['.repeat(999) + ']'.repeat(999))],
  ['an empty string', ''],
  ['nothing', null],
])('%s comes back as it was in an error', async (_what, body) => {
  await bench.open('a');
  await bench.checkpoints.test.fail('a', { ...failure, body });
  await bench.checkpoints.listing.failWorkspace('w', { ...failure, body }, '1');
  await bench.checkpoints.import.errors([{ key: 'imported', error: { ...failure, body } }]);
  const feed = await bench.client.xrange(keysOf(bench.prefix).failed, '-', '+');
  expect(JSON.parse(feed[0]?.[1][3] ?? '')).toMatchObject({ ...failure, body });
  const errors = await allErrors(bench.checkpoints);
  expect(errors.map(([key]) => key)).toEqual(['a', 'imported', 'workspace:w']);
  for (const [, { at, ...error }] of errors) {
    expect(error).toEqual({ ...failure, body });
    expect(Math.abs(at - Date.now())).toBeLessThan(10_000);
  }
  await sleep(5);
  await bench.open('a');
  expect((await bench.checkpoints.test.load('a')).open).toBe(true);
});
