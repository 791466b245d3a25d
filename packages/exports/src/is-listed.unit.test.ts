import { expect, test } from 'vitest';
import { isListed } from './is-listed.ts';

const listedAt = (at: number) => ({ name: 'W', position: 0, listedAt: at });

test('a test is listed when the newest complete listing of its workspace had it, or a newer one that goes on', () => {
  expect(isListed({ run: '1000' }, listedAt(1000))).toBe(true);
  expect(isListed({ run: '1001' }, listedAt(1000))).toBe(true);
  expect(isListed({ run: '999' }, listedAt(1000))).toBe(false);
});

test('a test that was imported is listed until a complete listing lacks it', () => {
  expect(isListed({ run: '' }, listedAt(0))).toBe(true);
  expect(isListed({ run: '' }, listedAt(1000))).toBe(false);
  expect(isListed({ run: '' }, undefined)).toBe(true);
});
