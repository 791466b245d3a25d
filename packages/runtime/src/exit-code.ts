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

/**
 * The workspaces with these UUIDs, in any case.
 * @throws UsageError that lists the known workspaces when a UUID is not among them
 */
export function workspacesByUuid<Item extends { readonly uuid: string; readonly name: string }>(
  wanted: readonly string[],
  known: readonly Item[],
): Item[] {
  const isWanted = (uuid: string, one: string): boolean => uuid.toLowerCase() === one.toLowerCase();
  const unknown = wanted.filter((one) => !known.some(({ uuid }) => isWanted(uuid, one)));
  if (unknown.length === 0) return known.filter(({ uuid }) => wanted.some((one) => isWanted(uuid, one)));
  const list = known.map(({ uuid, name }) => `  ${uuid}  ${printable(name)}`).join('\n') || '  (none)';
  throw new UsageError(`Workspace UUID not found: ${unknown.map(printable).join(', ')}. Known workspaces:\n${list}`);
}
