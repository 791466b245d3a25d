const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'short', hour: '2-digit', minute: '2-digit' });
const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const day = 86_400_000;

/** A time of day: `12:31:06`. @param at ISO 8601 or epoch ms; shown in this browser's time zone */
export function clockTime(at: string | number): string {
  return time.format(new Date(at));
}

/** A moment not far away: `12:31`, `Tue 14:05`, `3 Mar 2026, 14:05`. @param now epoch ms */
export function nearMoment(at: string, now: number): string {
  const then = new Date(at);
  const short = time.format(then).slice(0, 5);
  if (then.toDateString() === new Date(now).toDateString()) return short;
  if (Math.abs(then.getTime() - now) < 6 * day) return weekday.format(then).replace(',', '');
  return `${date.format(then)}, ${short}`;
}

/** A date: `3 Mar 2026`; a dash for none. */
export function dateText(at: string | null): string {
  return at === null || Number.isNaN(Date.parse(at)) ? '–' : date.format(new Date(at));
}

/** A date with its time: `3 Mar 2026, 14:05:09`; a dash for none. */
export function momentText(at: string | null): string {
  return at === null || Number.isNaN(Date.parse(at)) ? '–' : `${dateText(at)}, ${clockTime(at)}`;
}
