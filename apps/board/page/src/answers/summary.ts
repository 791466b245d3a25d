import type { Summary } from '@inventory/board';

export type { Summary };
/** The tests that were ordered in a month (`2026-03`, or null where the listing gave no date). */
export type MonthCounts = Summary['byMonth'][number];
export type WorkspaceCounts = Summary['workspaces'][number];
/** Its key is a test's UUID, or `workspace:UUID`. */
export type RecentError = Summary['errors']['recent'][number];
