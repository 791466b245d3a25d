/** The command line asks for something that does not exist. Processes exit with 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly exitCode = 2;
}

/** The error for workspaces that are not in the account; it lists the known ones. */
export function unknownWorkspaces(
  unknown: readonly string[],
  known: readonly { readonly uuid: string; readonly name: string }[],
): UsageError {
  const list = known.map(({ uuid, name }) => `  ${uuid}  ${name}`).join('\n') || '  (none)';
  return new UsageError(`Workspace UUID not found: ${unknown.join(', ')}. Known workspaces:\n${list}`);
}
