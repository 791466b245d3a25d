const iso =
  /^(?<date>\d{4}-\d{2}-\d{2})(?:[T ](?<time>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?(?<zone>Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/** UserTesting was founded in 2007. */
const earliest = Date.UTC(2007, 0, 1);
/** What a clock may be wrong by. */
const aheadMs = 86_400_000;

/**
 * A moment in ISO 8601, epoch ms; without a zone it is UTC. Null for what is none, and for one that cannot be: before
 * there were any sessions, or more than a day ahead of `nowMs` (epoch ms).
 */
export function readMoment(value: unknown, nowMs: number): number | null {
  const { date, time = '00:00', zone = 'Z' } = (typeof value === 'string' && iso.exec(value.trim())?.groups) || {};
  if (date === undefined) return null;
  const offset = /^[+-]\d{2}$/.test(zone) ? `${zone}:00` : zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2').toUpperCase();
  const moment = Date.parse(`${date}T${time}${offset}`);
  return moment >= earliest && moment <= nowMs + aheadMs ? moment : null;
}
