import type { TestRecord } from '@inventory/checkpoints';
import { expect, it } from 'vitest';
import { sortTests } from './retry.ts';

const error = { status: 403, status_code: 403, type: 'unclassified_error', error: '', body: null, attempts: 1, at: 0 };
const record = (uuid: string, more: Partial<TestRecord>): TestRecord => ({
  uuid,
  listing: { workspace: 'w', position: 0, run: '1' },
  verdict: null,
  certainty: null,
  askedAgain: false,
  error: error as TestRecord['error'],
  evidence: {},
  open: false,
  ...more,
});
const verdict = (category: 'survey' | 'no sessions') => ({ category, rule: 'r', source: 'probed', at: 0 }) as const;

it('sorts tests by what can be done with them', async () => {
  const records = [
    record('failed', {}),
    record('failed-recheck', { verdict: verdict('no sessions') }),
    record('waiting', { open: true }),
    record('fine', { error: null }),
    record('failed-provisional', { verdict: verdict('survey') }),
    record('unlisted', { listing: null }),
  ];
  expect(await sortTests([records.slice(0, 2), records.slice(2)])).toEqual({
    failed: ['failed', 'failed-recheck', 'failed-provisional'],
    waiting: ['waiting'],
    withoutError: ['fine'],
    unlisted: ['unlisted'],
  });
});
