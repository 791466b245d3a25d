import type { ExitCode } from '@inventory/runtime';

/** What a command's action gets from its process. */
export interface CommandContext {
  /** Fires at the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** Takes the exit code. */
  readonly end: (code: ExitCode) => void;
}
