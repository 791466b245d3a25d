import type { MonthCounts } from '../answers/summary.ts';
import { type Type, type TypeCounts, types } from '../answers/type.ts';

/** Tests that were ordered in one month or, in a library of many years, in one year. */
export interface AgeBar {
  /** `2026-03` or `2026`. */
  readonly name: string;
  readonly counts: TypeCounts;
}

const mostMonths = 96;

/** The library's age as bars, without gaps from the first dated test to the last; undated tests are left out. */
export function ageBars(months: readonly MonthCounts[]): AgeBar[] {
  const dated = new Map<string, TypeCounts>();
  for (const { month, byCategory } of months) if (month !== null) dated.set(month, byCategory);
  const names = [...dated.keys()].sort();
  const all = monthsBetween(names.at(0), names.at(-1));
  if (all.length <= mostMonths) return all.map((name) => ({ name, counts: dated.get(name) ?? {} }));
  return [...new Set(all.map(yearOf))].map((name) => {
    const counts = names.filter((month) => yearOf(month) === name).map((month) => dated.get(month) ?? {});
    return { name, counts: sumOf(counts) };
  });
}

function monthsBetween(first: string | undefined, last: string | undefined): string[] {
  if (first === undefined || last === undefined) return [];
  const [from, to] = [first, last].map(monthNumber);
  return Array.from({ length: (to ?? 0) - (from ?? 0) + 1 }, (_, index) => monthOf((from ?? 0) + index));
}

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

function sumOf(all: readonly TypeCounts[]): TypeCounts {
  const total = (type: Type): number => all.reduce((sum, counts) => sum + (counts[type] ?? 0), 0);
  return Object.fromEntries(types.map((type) => [type, total(type)]));
}
