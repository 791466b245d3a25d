const zone = /(?:z|[+-]\d{2}:?\d{2})$/i;
const withTime = /\d[t ]\d{2}:\d{2}/i;

/**
 * A time as the API gives it, in ISO 8601 and UTC; null for none and for what is no time. A time without a zone counts
 * as UTC, as the API reference says, wherever this runs.
 */
export function utcTime(given: string | undefined): string | null {
  const text = given?.trim() ?? '';
  const time = new Date(withTime.test(text) && !zone.test(text) ? `${text}Z` : text);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
