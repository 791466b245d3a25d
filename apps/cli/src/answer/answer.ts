import type { ExitCode } from '@inventory/runtime';

/** What a command found out: for people, for machines, and as an exit code. */
export interface Answer {
  readonly code: ExitCode;
  readonly lines: readonly string[];
  /** The same as one JSON object; times are ISO 8601 in UTC unless their name says otherwise. */
  readonly json: object;
}
