/** What a process tells its caller in the end. */
export const exitCode = {
  done: 0,
  /** Finished with recorded errors, undecided tests or a FAIL; or gave up. */
  partial: 1,
  /** Wrong usage or settings, found before any request. */
  usage: 2,
  authentication: 3,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

const byErrorName: Readonly<Record<string, ExitCode>> = {
  SettingsError: exitCode.usage,
  UsageError: exitCode.usage,
  RedisUrlError: exitCode.usage,
  RedisUnavailableError: exitCode.usage,
  RedisTooOldError: exitCode.usage,
  RedisServerMissingError: exitCode.usage,
  SchemaVersionError: exitCode.usage,
  UnknownRulesError: exitCode.usage,
  CredentialsRefusedError: exitCode.authentication,
  UnauthorizedError: exitCode.authentication,
  QueueHeldError: exitCode.authentication,
};

/** The exit code that goes with an error that ends a process, by the literal name of its class. */
export function exitCodeOf(error: unknown): ExitCode {
  const name = error instanceof Error ? error.name : '';
  // Files of another account in STATE_DIR are a wrong setting; a full disk is not.
  if (error instanceof Error && 'trouble' in error && error.trouble === 'foreign') return exitCode.usage;
  return Object.hasOwn(byErrorName, name) ? (byErrorName[name] ?? exitCode.partial) : exitCode.partial;
}
