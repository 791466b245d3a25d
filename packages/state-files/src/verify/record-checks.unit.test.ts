import { expect, test } from 'vitest';
import { RecordChecks } from './record-checks.ts';

const record = { test_uuid: 'a', workspace_uuid: 'w', workspace_name: 'W' };

test('records are counted by what is wrong with them, in whatever portions they come', () => {
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
