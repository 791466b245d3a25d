import { expect, it } from 'vitest';
import { lostText } from './lost-text.ts';

const summary = { at: '2026-03-03T12:31:06.000Z', stale: false };

it('nothing is said while what is shown is fresh', () => {
  expect(lostText(null, null)).toBe('');
  expect(lostText(null, summary)).toBe('');
});

it('says why what is shown is old, and from when it is', () => {
  const from = / What is shown is from \d\d:\d\d:06\.$/;
  expect(lostText(null, { ...summary, stale: true })).toMatch(/^Redis does not answer, trying again\./);
  expect(lostText(null, { ...summary, stale: true })).toMatch(from);
  expect(lostText({ status: null, message: 'x' }, summary)).toMatch(/^Connection lost, trying again\./);
  expect(lostText({ status: 503, message: 'The tests are being read.' }, summary)).toMatch(
    /^The tests are being read\./,
  );
  expect(lostText({ status: null, message: 'x' }, null)).toBe('Connection lost, trying again.');
});
