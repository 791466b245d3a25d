const format = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' });

/** A month or a year for people: `Mar 2026`, `2026`. @param name `2026-03` or `2026` */
export function ageName(name: string): string {
  return name.includes('-') ? format.format(new Date(`${name}-01T00:00:00Z`)) : name;
}
