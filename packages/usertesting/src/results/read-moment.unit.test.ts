import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMoment } from './read-moment.ts';

const now = Date.UTC(2026, 6, 21, 12);
const ten = Date.UTC(2026, 6, 20, 10);

describe('when a session finished', () => {
  it.each([
    ['2026-07-20T10:00:00Z', ten],
    ['2026-07-20T10:00:00.250Z', ten + 250],
    ['2026-07-20T10:00:00.1234567Z', ten + 123],
    ['2026-07-20T10:00:00', ten],
    ['2026-07-20T10:00', ten],
    ['2026-07-20 10:00:00', ten],
    ['2026-07-20t10:00:00z', ten],
    ['2026-07-20', ten - 36_000_000],
    ['2026-07-20T12:00:00+02:00', ten],
    ['2026-07-20T12:00:00+0200', ten],
    ['2026-07-20T03:00:00-07', ten],
    ['2026-07-22T11:00:00Z', now + 23 * 3_600_000],
  ])('%s is read', (text, moment) => {
    expect(readMoment(text, now)).toBe(moment);
  });

  it.each([
    ...[
      null,
      undefined,
      '',
      'yesterday',
      1_784_541_600_000,
      {},
      '20 Jul 2026',
      '2026-07',
      '2026-13-01',
      '2026-07-20T25:00',
    ],
    ...[
      '1970-01-01T00:00:00Z',
      '0001-01-01T00:00:00Z',
      '9999-12-31T23:59:59Z',
      '2026-07-23T00:00:00Z',
      '+012026-07-20',
    ],
  ])('%j is not known', (value) => {
    expect(readMoment(value, now)).toBeNull();
  });

  it('whatever came, it is null or a moment that can be', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
        ),
        (value) => {
          const moment = readMoment(value, now);
          expect(moment === null || (Number.isInteger(moment) && moment > 0 && moment <= now + 86_400_000)).toBe(true);
        },
      ),
    );
  });
});
