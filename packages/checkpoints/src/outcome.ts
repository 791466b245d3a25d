import type { Verdict } from '@inventory/classification';
import type { ErrorRecord } from './records.ts';

/** A verdict before it is recorded; recording gives it its time, by Redis' clock. */
export type NewVerdict = Omit<Verdict, 'at'>;

/** An error before it is recorded; recording gives it its time, by Redis' clock. */
export type Failure = Omit<ErrorRecord, 'at'>;
