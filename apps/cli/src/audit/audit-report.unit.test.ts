import { expect, it } from 'vitest';
import { compareCategories } from './audit-report.ts';

it.each([
  ['survey', 'survey', 'agrees'],
  ['ClassicUT', 'ClassicUT', 'agrees'],
  ['survey', 'interaction test', 'disagrees'],
  ['ClassicUT', 'no sessions', 'disagrees'],
  ['survey', 'ClassicUT', 'disagrees'],
  ['live conversation', 'ClassicUT', 'disagrees'],
  ['live conversation', 'interaction test', 'cannot tell'],
  ['survey', 'no sessions', 'cannot tell'],
] as const)('declared %s, probed %s: %s', (declared, probed, comparison) => {
  expect(compareCategories(declared, probed)).toBe(comparison);
});
