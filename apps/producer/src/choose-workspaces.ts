import type { Logger } from '@inventory/logger';
import { UsageError } from '@inventory/runtime';
import type { Workspace } from '@inventory/usertesting';
import { askWorkspaces } from './ask-workspaces.ts';
import { type Selection, selectAll, selectByUuid } from './select-workspaces.ts';

/** What the command line says about the workspaces to take. */
export interface WorkspaceOptions {
  readonly all?: boolean;
  readonly workspaceUuid?: readonly string[];
}

/** @throws UsageError when both ways of choosing are used at once. */
export function checkWorkspaceOptions({ all, workspaceUuid = [] }: WorkspaceOptions): void {
  if (all && workspaceUuid.length > 0) throw new UsageError('Use either --all or --workspace-uuid, not both.');
}

/**
 * The workspaces to take: those of the command line, else those that a person at the terminal picks, else all.
 * @returns null when that person breaks off
 * @throws UsageError for a UUID that is not in the list
 */
export async function chooseWorkspaces(
  all: readonly Workspace[],
  options: WorkspaceOptions,
  { terminal, logger }: { readonly terminal: boolean; readonly logger: Logger },
): Promise<Selection | null> {
  const { workspaceUuid = [] } = options;
  if (workspaceUuid.length > 0) return selectByUuid(all, workspaceUuid);
  if (options.all || all.length === 0) return selectAll(all);
  if (terminal) return askWorkspaces(all);
  logger.info('no terminal to ask at: taking all workspaces (say so with --all)');
  return selectAll(all);
}
