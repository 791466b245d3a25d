import type { LoadedSettings } from '@inventory/config';
import { exitCode } from '@inventory/runtime';
import { StateDir } from '@inventory/state-files';
import type { Answer } from '../answer/answer.ts';

/** The verification checks of the state files. Asks neither Redis nor the API. */
export async function verify(settings: LoadedSettings): Promise<Answer> {
  const { lines, ...json } = await new StateDir(settings).verify();
  return {
    code: json.passed ? exitCode.done : exitCode.partial,
    lines,
    json: { stateDir: settings.stateDir, ...json },
  };
}
