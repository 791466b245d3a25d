import type { Summary } from './summary.ts';

/** A run that is over. */
export type PastRun = Summary['history'][number];
