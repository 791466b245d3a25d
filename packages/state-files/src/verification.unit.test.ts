import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { RecordChecks, summarize } from './verification.ts';

const totals = {
  tests: 210,
  undecided: 2,
  byCategory: {
    'interaction test': 80,
    'think-out-loud test': 40,
    survey: 30,
    ClassicUT: 50,
    'live conversation': 3,
    'no sessions': 5,
  },
  byRule: {},
  errors: 2,
  open: 0,
  provisional: 0,
  provisionalFrom: null,
  unconfirmed: 0,
  rules: 'tutorial',
} as const;

test('the summary has the words of the tutorial', () => {
  const run = { outcomes: { survey: 7, ClassicUT: 2, error: 1 } };
  expect(summarize({ totals, run, stateDir: resolve('state') })).toEqual([
    '',
    '============================================================',
    'Done. Processing complete.',
    '============================================================',
    'UTZ total: 158',
    'ClassicUT total: 50',
    '',
    'Classifications:',
    '  Interaction tests: 80 (this run: 0)',
    '  Think-out-loud tests: 40 (this run: 0)',
    '  Surveys: 30 (this run: 7)',
    '  ClassicUT tests: 50 (this run: 2)',
    '  Live conversations (UTZ, no test_type): 3 (this run: 0)',
    '  UTZ tests without sessions (looked at again in the next run): 5 (this run: 0)',
    '  Undecided tests (in no list file): 2',
    '',
    '✓ Results saved to:',
    '  - state/utz_tests.json (UTZ tests with test_type field)',
    '  - state/classicut_tests.json (ClassicUT tests)',
    '  - state/errors.json (Errors encountered)',
  ]);
});

test('without a run, errors or special tests the summary has only the lines of the tutorial', () => {
  const lines = summarize({
    totals: { ...totals, tests: 1, undecided: 0, byCategory: { survey: 1 }, errors: 0 },
    run: null,
    stateDir: '/elsewhere/state',
  });
  expect(lines.slice(8, 12)).toEqual([
    '  Interaction tests: 0',
    '  Think-out-loud tests: 0',
    '  Surveys: 1',
    '  ClassicUT tests: 0',
  ]);
  expect(lines.slice(12)).toEqual([
    '',
    '✓ Results saved to:',
    '  - /elsewhere/state/utz_tests.json (UTZ tests with test_type field)',
    '  - /elsewhere/state/classicut_tests.json (ClassicUT tests)',
  ]);
});

const record = { test_uuid: 'a', workspace_uuid: 'w', workspace_name: 'W' };

test('records are counted by their faults, across portions', () => {
  const records = [
    { ...record, test_type: 'survey' },
    { ...record, test_uuid: 'b', test_type: null },
    { ...record, test_uuid: 'c', test_type: 'poll' },
    { test_uuid: 'd' },
    record,
    'junk',
  ];
  const checks = new RecordChecks();
  checks.add(records.slice(0, 2));
  checks.add(records.slice(2));
  expect(checks.counts).toEqual({ invalidSchema: 3, invalidTestType: 1, classified: 1, utzTotal: 6 });
});
