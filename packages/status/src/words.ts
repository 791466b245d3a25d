/**
 * Times, durations and counts for people, the same in the terminal and on the board's page. Pure, without Node, and
 * without other modules of this package: the page bundles it.
 */

/** A count: `1,204`. */
export function numberText(count: number): string {
  return count.toLocaleString('en-US');
}

/** A count with its noun: `1 test`, `1,204 tests`. */
export function countOf(count: number, noun: string): string {
  return `${numberText(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A share in percent: never `0 %` for some, nor `100 %` for less than all. */
export function shareOf(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0 %';
  const percent = (100 * part) / whole;
  if (percent < 0.1) return '< 0.1 %';
  if (percent >= 10 && part < whole) return `${Math.min(Math.round(percent), 99)} %`;
  return `${Math.round(percent * 10) / 10} %`;
}

/** A duration: `45 s`, `12 min`, `3 h 05 min`, `2 d 4 h`; `0 s` below zero. @param ms milliseconds */
export function timeLeft(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/**
 * A time in the local time zone: `14:32:06` on the day of `now`, else `2026-11-24 14:32:06`.
 * @param at epoch ms, or ISO 8601
 * @param now epoch ms
 */
export function clockTime(at: number | string, now = Date.now()): string {
  const date = new Date(at);
  const time = date.toTimeString().slice(0, 8);
  if (date.toDateString() === new Date(now).toDateString()) return time;
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  return `${parts.map((part) => String(part).padStart(2, '0')).join('-')} ${time}`;
}

/** A time in ISO 8601 and UTC, null for none. @param at epoch ms */
export function isoTime(at: number): string;
export function isoTime(at: number | null | undefined): string | null;
export function isoTime(at: number | null | undefined): string | null {
  return at === null || at === undefined ? null : new Date(at).toISOString();
}
