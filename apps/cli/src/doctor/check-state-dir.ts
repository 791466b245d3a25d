import type { LoadedSettings } from '@inventory/config';
import { exitCode } from '@inventory/runtime';
import { assertOwnStateDir } from '@inventory/state-files';
import { checkFolder } from './check-folder.ts';
import type { Finding } from './finding.ts';

/** Whether the state files can be written, and are ours. */
export async function checkStateDir({ stateDir, queuePrefix }: LoadedSettings): Promise<Finding[]> {
  const written = await checkFolder('STATE_DIR', stateDir);
  try {
    await assertOwnStateDir(stateDir, queuePrefix);
    return [written];
  } catch (error) {
    if (written.level === 'FAIL') return [written];
    const message = error instanceof Error ? error.message : String(error);
    return [written, { level: 'FAIL', check: 'STATE_DIR', message, code: exitCode.partial }];
  }
}
