import { expect, it } from 'vitest';
import type { MonthCounts } from '../answers/summary.ts';
import { ageBars } from './age-bars.ts';

const none = { 'interaction test': 0, 'think-out-loud test': 0, 'live conversation': 0, 'no sessions': 0 };

function month(name: string | null, survey: number): MonthCounts {
  return { month: name, total: survey, byCategory: { ...none, survey, ClassicUT: 0, undecided: 0 } };
}

it('months without tests are bars without height, and undated tests are no bar', () => {
  const bars = ageBars([month('2025-11', 2), month('2026-02', 3), month(null, 9)]);
  expect(bars.map(({ name, counts }) => [name, counts.survey ?? 0])).toEqual([
    ['2025-11', 2],
    ['2025-12', 0],
    ['2026-01', 0],
    ['2026-02', 3],
  ]);
});

it('a library of many years is shown by year', () => {
  const bars = ageBars([month('2014-05', 1), month('2014-06', 2), month('2026-02', 3)]);
  expect(bars).toHaveLength(13);
  expect([bars.at(0), bars.at(1), bars.at(-1)]).toMatchObject([
    { name: '2014', counts: { survey: 3 } },
    { name: '2015', counts: { survey: 0 } },
    { name: '2026', counts: { survey: 3 } },
  ]);
});

it('a library without dates has no bars', () => {
  expect(ageBars([month(null, 9)])).toEqual([]);
});
