/** A number with its thousands apart: `1,204`. */
export function number(count: number): string {
  return count.toLocaleString('en-US');
}

/** A number with its noun: `1 test`, `1,204 tests`. */
export function countOf(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`;
}
