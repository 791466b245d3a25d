import type { ExitCode } from '@inventory/runtime';

/** What one check of `doctor` found. */
export interface Finding {
  readonly level: 'PASS' | 'WARN' | 'FAIL';
  /** What was checked, in a word or two. */
  readonly check: string;
  /** What was found, and what to do about it; no secret. */
  readonly message: string;
  /** For a FAIL: the exit code that it asks for; 1 unless said otherwise. */
  readonly code?: ExitCode;
}
