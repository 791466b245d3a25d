/** The command line asks for something that does not exist. Processes exit with 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly exitCode = 2;
}
