import { expect, it } from 'vitest';
import { lineDisplay, progressLine } from './display.ts';

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

const state = { done: 23, total: 300, note: 'about 583 requests, 2 min, until 23:30:26' };

it('a wide terminal gets a bar of 24 places before counts and note', () => {
  expect(progressLine(state, 120)).toBe(`██${'░'.repeat(22)} 23/300 tests  ${state.note}`);
  expect(progressLine({ done: 0, total: 0, note: 'listing' }, 120)).toBe(`${'░'.repeat(24)} 0/0 tests  listing`);
});

it.each([
  [80, `██${'░'.repeat(22)} 23/300 tests  about 583 requests, 2 min, until 23:30:26`],
  [70, `█${'░'.repeat(13)} 23/300 tests  about 583 requests, 2 min, until 23:30:26`],
  [60, '23/300 tests  about 583 requests, 2 min, until 23:30:26'],
  [45, '█░░░░░░░░ 23/300 tests  2 min, until 23:30:26'],
  [30, '23/300 tests  until 23:30:26'],
  [12, '23/300 tests'],
])('one of %i columns loses bar and note before the end of the time', (columns, line) => {
  expect(progressLine(state, columns)).toBe(line);
  expect(line.length).toBeLessThanOrEqual(columns);
});
