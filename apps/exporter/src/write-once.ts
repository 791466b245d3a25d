import type { StateCounts } from '@inventory/state-files';
import {
  assertOwnStateDir,
  importStateFiles,
  keepCorruptFiles,
  removeLeftBehindFiles,
  writeStateFiles,
} from '@inventory/state-files';
import type { StateKeeperOptions } from './state-keeper.ts';

/**
 * Writes the state files once; before that does what a start of the exporter does.
 * @returns how many records each file holds
 * @throws StateDirError, CheckpointsLostError
 */
export async function writeOnce(options: Omit<StateKeeperOptions, 'exportIntervalMs'>): Promise<StateCounts> {
  const { checkpoints, stateDir, logger } = options;
  const { prefix: queuePrefix } = checkpoints;
  await assertOwnStateDir(stateDir, queuePrefix);
  await removeLeftBehindFiles(stateDir);
  await keepCorruptFiles(stateDir, logger);
  await checkpoints.import.ensureInUse(() => importStateFiles({ checkpoints, stateDir, queuePrefix, logger }));
  return (await writeStateFiles({ checkpoints, stateDir })).counts;
}
