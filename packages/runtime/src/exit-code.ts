import { printable } from '@inventory/logger';

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
  return code === exitCode.usage || code === exitCode.authentication ? code : exitCode.partial;
}

/** The command line asks for something that does not exist. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly exitCode = exitCode.usage;
}

/** The error for workspaces that are not in the account; it lists the known ones. */
export function unknownWorkspaces(
  unknown: readonly string[],
  known: readonly { readonly uuid: string; readonly name: string }[],
): UsageError {
  const list = known.map(({ uuid, name }) => `  ${uuid}  ${printable(name)}`).join('\n') || '  (none)';
  return new UsageError(`Workspace UUID not found: ${unknown.map(printable).join(', ')}. Known workspaces:\n${list}`);
}
