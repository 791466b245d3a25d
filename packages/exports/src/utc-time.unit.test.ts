import { expect, test } from 'vitest';
import { utcTime } from './utc-time.ts';

test('a time is shown in UTC, and one without a zone counts as UTC', () => {
  expect(utcTime('2025-03-01T10:00:00Z')).toBe('2025-03-01T10:00:00.000Z');
  expect(utcTime('2025-03-01T10:00:00.5+02:00')).toBe('2025-03-01T08:00:00.500Z');
  expect(utcTime(' 2025-03-01T10:00:00 ')).toBe('2025-03-01T10:00:00.000Z');
  expect(utcTime('2025-03-01 10:00')).toBe('2025-03-01T10:00:00.000Z');
  expect(utcTime('2025-03-01')).toBe('2025-03-01T00:00:00.000Z');
});

test('what is no time is null', () => {
  for (const text of [undefined, '', 'yesterday', '2025-13-41T00:00:00Z']) expect(utcTime(text)).toBeNull();
});
