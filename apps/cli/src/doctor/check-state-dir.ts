import type { LoadedSettings } from '@inventory/config';
import { exitCode } from '@inventory/runtime';
import { StateDir } from '@inventory/state-files';
import { checkFolder } from './check-folder.ts';
import type { Finding } from './finding.ts';

/** Whether the state files can be written, and are ours. */
export async function checkStateDir(settings: LoadedSettings): Promise<Finding[]> {
  const written = await checkFolder('STATE_DIR', settings.stateDir);
  try {
    await new StateDir(settings).assertOwn();
    return [written];
  } catch (error) {
    if (written.level === 'FAIL') return [written];
    const message = error instanceof Error ? error.message : String(error);
    return [written, { level: 'FAIL', check: 'STATE_DIR', message, code: exitCode.partial }];
  }
}
