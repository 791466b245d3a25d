import type { Checkpoints } from '@inventory/checkpoints';
import type { Settings } from '@inventory/config';
import type { Logger } from '@inventory/logger';
import { importStateFiles } from './import-state-files.ts';

export interface FillFromStateFilesOptions {
  readonly checkpoints: Checkpoints;
  readonly settings: Pick<Settings, 'stateDir' | 'queuePrefix'>;
  readonly logger: Logger;
}

/** {@link importStateFiles} of `STATE_DIR`, as every process brings its checkpoints into use. @throws StateDirError */
export async function fillFromStateFiles({ checkpoints, settings, logger }: FillFromStateFilesOptions): Promise<void> {
  const { stateDir, queuePrefix } = settings;
  await importStateFiles({ checkpoints, stateDir, queuePrefix, logger });
}
