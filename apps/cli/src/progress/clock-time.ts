/**
 * A moment for people, in the local time zone: `14:32:06` when it is of the same day as `now`, else
 * `2026-11-24 14:32:06`.
 * @param at epoch ms
 */
export function clockTime(at: number, now = Date.now()): string {
  const date = new Date(at);
  const time = date.toTimeString().slice(0, 8);
  if (date.toDateString() === new Date(now).toDateString()) return time;
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  return `${parts.map((part) => String(part).padStart(2, '0')).join('-')} ${time}`;
}
