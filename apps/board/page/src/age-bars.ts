import { type Summary, type Type, type TypeCounts, types } from './answers.ts';

/** Tests that were ordered in one month or, in a library of many years, in one year. */
export interface AgeBar {
  /** `2026-03` or `2026`. */
  readonly period: string;
  readonly counts: TypeCounts;
  readonly total: number;
}

const mostMonths = 96;

/** Tests by age, without gaps from the first dated test to the last. Tests without a date are left out. */
export function ageBars(months: Summary['by_month']): AgeBar[] {
  const dated = new Map<string, TypeCounts>();
  for (const { month, by_category } of months) if (month !== null) dated.set(month, by_category);
  const names = [...dated.keys()].sort();
  const all = monthsBetween(names.at(0), names.at(-1));
  if (all.length <= mostMonths) return all.map((month) => barOf(month, [dated.get(month) ?? {}]));
  return [...new Set(all.map(yearOf))].map((year) => {
    const ofYear = names.filter((month) => yearOf(month) === year);
    return barOf(
      year,
      ofYear.map((month) => dated.get(month) ?? {}),
    );
  });
}

/** The values at the lines of a chart: from 0 in at most five round steps to `highest` or beyond. */
export function scaleOf(highest: number): number[] {
  const least = Math.max(1, highest / 5);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((round) => round >= least) ?? least;
  return Array.from({ length: Math.max(1, Math.ceil(highest / step)) + 1 }, (_, index) => index * step);
}

function barOf(period: string, parts: readonly TypeCounts[]): AgeBar {
  const sum = (type: Type): number => parts.reduce((total, counts) => total + (counts[type] ?? 0), 0);
  const counts = Object.fromEntries(types.map((type) => [type, sum(type)]));
  return { period, counts, total: Object.values(counts).reduce((total, count) => total + count, 0) };
}

function monthsBetween(first: string | undefined, last: string | undefined): string[] {
  if (first === undefined || last === undefined) return [];
  const from = monthNumber(first);
  return Array.from({ length: monthNumber(last) - from + 1 }, (_, index) => monthOf(from + index));
}

/** Months since the year 0. */
function monthNumber(month: string): number {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return year * 12 + number - 1;
}

function monthOf(number: number): string {
  return `${String(Math.floor(number / 12)).padStart(4, '0')}-${String((number % 12) + 1).padStart(2, '0')}`;
}

function yearOf(month: string): string {
  return month.slice(0, 4);
}
