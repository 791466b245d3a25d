import { UsageError } from '@inventory/runtime';

/** What the command line says is to be forgotten. */
export interface ForgetOptions {
  readonly testUuids: readonly string[];
  readonly workspaceUuid?: readonly string[];
  readonly all?: boolean;
  /** All of it without a question. */
  readonly yes?: boolean;
}

/** @throws UsageError unless exactly one way of choosing is used. */
export function checkForgetOptions({ testUuids, workspaceUuid = [], all = false, yes = false }: ForgetOptions): void {
  const ways = [testUuids.length > 0, workspaceUuid.length > 0, all].filter(Boolean).length;
  if (ways === 0) throw new UsageError('Say what to forget: UUIDs of tests, --workspace-uuid, or --all --yes.');
  if (ways > 1) throw new UsageError('Use only one of: UUIDs of tests, --workspace-uuid, --all.');
  if (yes && !all) throw new UsageError('--yes goes with --all; nothing else asks.');
}
