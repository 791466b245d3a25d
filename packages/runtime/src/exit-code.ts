/** What a process tells its caller in the end. */
export const exitCode = {
  done: 0,
  /** Finished with recorded errors, tests without a verdict or a FAIL; or gave up. */
  partial: 1,
  /** Wrong usage or settings, found before any request. */
  usage: 2,
  authentication: 3,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** The exit code for an error that ends a process: the one on its class (`exitCode`), else `partial`. */
export function exitCodeOf(error: unknown): ExitCode {
  const code = error instanceof Error && 'exitCode' in error ? error.exitCode : null;
  const own = [exitCode.usage, exitCode.authentication, exitCode.interrupted].find((each) => each === code);
  return own ?? exitCode.partial;
}

/** The command line asks for something that does not exist. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly exitCode = exitCode.usage;
}
