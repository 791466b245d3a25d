import { importStateFiles } from './import-state-files.ts';
import { keepCorruptFiles } from './keep-corrupt-files.ts';
import { assertOwnStateDir } from './manifest.ts';
import { removeLeftBehindFiles } from './remove-left-behind-files.ts';
import type { StateKeeperOptions } from './state-keeper.ts';
import type { StateCounts } from './write-contents.ts';
import { writeStateFiles } from './write-state-files.ts';

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
