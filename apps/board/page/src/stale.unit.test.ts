import { healthText } from '@inventory/status/health';
import { expect, it } from 'vitest';
import { staleHealth } from './stale.ts';

const fresh = { at: '2026-03-03T12:31:06.000Z', stale: false };
const says = (...given: Parameters<typeof staleHealth>): string => {
  const health = staleHealth(...given);
  return health === null ? '' : healthText(health);
};

it('nothing is said while the figures are fresh', () => {
  expect([says(null, null), says(null, fresh)]).toEqual(['', '']);
});

it('old figures are said to be old, with the reason, their time and what to do', () => {
  expect(says(null, { ...fresh, stale: true })).toMatch(
    /^Redis has not answered since .*:06: what is shown is from .*:06; trying again; npm run doctor/,
  );
  const lost = { status: null, message: 'x', near: [] };
  expect(says(lost, fresh)).toMatch(/^Connection lost: what is shown is from .*:06; trying again; npm run board/);
  expect(says(lost, null)).toMatch(/^Connection lost: trying again/);
  expect(says({ ...lost, status: 503, message: 'The tests are being read.' }, fresh)).toMatch(
    /^The tests are being read: what is shown is from/,
  );
});
