const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'short', hour: '2-digit', minute: '2-digit' });
const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const month = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' });
const dayMs = 86_400_000;

/** A time near `now`: `12:31`, `Tue 14:05`, `3 Mar 2026, 14:05`. @param now epoch ms */
export function nearTime(at: string, now: number): string {
  const then = new Date(at);
  const short = time.format(then).slice(0, 5);
  if (then.toDateString() === new Date(now).toDateString()) return short;
  if (Math.abs(then.getTime() - now) < 6 * dayMs) return weekday.format(then).replace(',', '');
  return `${date.format(then)}, ${short}`;
}

/** A date: `3 Mar 2026`; a dash for none. */
export function dateText(at: string | null): string {
  return at === null || Number.isNaN(Date.parse(at)) ? '–' : date.format(new Date(at));
}

/** A date with its time: `3 Mar 2026, 14:05:09`; a dash for none. */
export function dateAndTime(at: string | null): string {
  return at === null || Number.isNaN(Date.parse(at)) ? '–' : `${dateText(at)}, ${time.format(new Date(at))}`;
}

/** A month or a year for people: `Mar 2026`, `2026`. @param period `2026-03` or `2026` */
export function periodText(period: string): string {
  return period.includes('-') ? month.format(new Date(`${period}-01T00:00:00Z`)) : period;
}
