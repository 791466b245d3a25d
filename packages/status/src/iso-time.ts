/** A time for machines: ISO 8601 in UTC, or null where there is none. @param at epoch ms */
export function isoTime(at: number | null | undefined): string | null {
  return at === null || at === undefined ? null : new Date(at).toISOString();
}
