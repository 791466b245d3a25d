import { expect, it } from 'vitest';
import { lineDisplay, overProgress, progressLine } from './display.ts';

it('a line with text from outside is one line that steers nothing', () => {
  const written: string[] = [];
  const display = lineDisplay((text) => written.push(text));
  display.line('[1/2] [WARN] \u001b[2J: failed (x\n[2/2] forged)');
  display.say('[WARN] Workspace a\u202eb\u009b (\r) could not be listed.');
  expect(written).toEqual([
    '[1/2] [WARN]  [2J: failed (x [2/2] forged)\n',
    '[WARN] Workspace ab  ( ) could not be listed.\n',
  ]);
});

it('each line of a notice clears the rest of the line of the progress that it is written over', () => {
  expect(overProgress('[WARN] long\n       notice\n')).toBe('[WARN] long\u001b[K\n       notice\u001b[K\n');
});

const left = ['27 min left (ends about 10:57)', '~265 requests to go'];
const state = { done: 23, total: 300, left, soFar: [] };

it('a wide terminal gets a bar of 24 places before the counts', () => {
  expect(progressLine(state, 120)).toBe(
    `██${'░'.repeat(22)} 23/300 tests  27 min left (ends about 10:57), ~265 requests to go`,
  );
  expect(progressLine({ ...state, done: 0, total: 0, left: ['listing'] }, 120)).toBe(
    `${'░'.repeat(24)} 0/0 tests  listing`,
  );
});

it.each([
  [79, '█░░░░░░░░░░░░ 23/300 tests  27 min left (ends about 10:57), ~265 requests to go'],
  [70, '23/300 tests  27 min left (ends about 10:57), ~265 requests to go'],
  [53, '█░░░░░░░ 23/300 tests  27 min left (ends about 10:57)'],
  [12, '23/300 tests'],
])('one of %i columns loses the bar, then the requests, before the time', (columns, line) => {
  expect(progressLine(state, columns)).toBe(line);
  expect(line.length).toBeLessThanOrEqual(columns);
});
