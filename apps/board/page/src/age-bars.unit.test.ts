import { expect, it } from 'vitest';
import { ageBars, scaleOf } from './age-bars.ts';
import type { Summary } from './answers.ts';

const none = { 'interaction test': 0, 'think-out-loud test': 0, 'live conversation': 0, 'no sessions': 0 };

function month(name: string | null, survey: number): Summary['by_month'][number] {
  return { month: name, total: survey, by_category: { ...none, survey, ClassicUT: 0, undecided: 0 } };
}

it('months without tests are bars without height, and undated tests are no bar', () => {
  const bars = ageBars([month('2025-11', 2), month('2026-02', 3), month(null, 9)]);
  expect(bars.map(({ period, counts }) => [period, counts.survey])).toEqual([
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
    { period: '2014', total: 3, counts: { survey: 3 } },
    { period: '2015', total: 0, counts: { survey: 0 } },
    { period: '2026', total: 3, counts: { survey: 3 } },
  ]);
});

it('a library without dates has no bars', () => {
  expect(ageBars([month(null, 9)])).toEqual([]);
});

it.each([
  [0, [0, 1]],
  [1, [0, 1]],
  [3, [0, 1, 2, 3]],
  [7, [0, 2, 4, 6, 8]],
  [100, [0, 20, 40, 60, 80, 100]],
  [1_201, [0, 500, 1_000, 1_500]],
])('a chart up to %d has lines at %j', (highest, lines) => expect(scaleOf(highest)).toEqual(lines));
