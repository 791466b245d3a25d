import type { Summary } from './answers/summary.ts';

/** A text that changes when a test may have changed: the table and a test's page are asked for again then. */
export function versionOf(summary: Summary | null): string {
  if (summary === null) return '';
  const { tests, lastVerdictAt, errors } = summary;
  return JSON.stringify([tests, lastVerdictAt, errors.recent.at(0)]);
}
