import { expect, it } from 'vitest';
import { missedLines } from './find-test.ts';

it('of a word that many tests begin with five are shown, and that there are more', () => {
  const matches = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'];
  const shown = ['  a1', '  a2', '  a3', '  a4', '  a5'];
  const ends = ['Several tests begin with a:', 'Give more of the UUID.'] as const;
  expect(missedLines({ kind: 'ambiguous', word: 'a', matches })).toEqual([ends[0], ...shown, '  and more', ends[1]]);
  expect(missedLines({ kind: 'ambiguous', word: 'a', matches: matches.slice(0, 5) })).not.toContain('  and more');
});
