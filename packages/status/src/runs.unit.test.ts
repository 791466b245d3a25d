import type { Change, ChangeKind } from '@inventory/checkpoints';
import { expect, it } from 'vitest';
import { NetChanges } from './runs.ts';

/** @param undoes the run that has counted what they take back */
function net(undoes: string, ...changes: readonly (readonly [key: string, ...ChangeKind[]])[]): NetChanges {
  const found = new NetChanges('r');
  const rest = { at: 0, runs: ['r'], from: null, to: null, why: null, undoes: [undoes] };
  found.add(changes.map(([key, ...kinds], index): Change => ({ id: `${index}-0`, key, kinds, ...rest })));
  return found;
}

it('what a run takes back is as good as none of both', () => {
  const found = net(
    'r',
    ['a', 'new', 'classified'],
    ['a', 'withdrawn'],
    ['b', 'error_new'],
    ['b', 'classified', 'error_gone'],
  );
  const keys = (kind: 'new' | 'classified' | 'error_new' | 'error_gone') => found.of(kind).map(({ key }) => key);
  expect([keys('new'), keys('classified'), keys('error_new'), keys('error_gone')]).toEqual([['a'], ['b'], [], []]);
});

it('what ends something from before the run counts', () => {
  const found = net('other', ['a', 'error_gone'], ['b', 'listed_again'], ['c', 'withdrawn'], ['c', 'classified']);
  expect([found.of('error_gone').length, found.of('listed_again').length, found.of('classified').length]).toEqual([
    1, 1, 1,
  ]);
});
