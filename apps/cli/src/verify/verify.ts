import type { LoadedSettings } from '@inventory/config';
import { exitCode } from '@inventory/runtime';
import { verifyStateFiles } from '@inventory/state-files';
import type { Answer } from '../answer/answer.ts';

/** The verification checks of the state files. Asks neither Redis nor the API. */
export async function verify({ stateDir }: LoadedSettings): Promise<Answer> {
  const { lines, ...json } = await verifyStateFiles(stateDir);
  return { code: json.passed ? exitCode.done : exitCode.partial, lines, json: { stateDir, ...json } };
}
