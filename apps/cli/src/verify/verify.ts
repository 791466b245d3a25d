import type { LoadedSettings } from '@inventory/config';
import { type ExitCode, exitCode } from '@inventory/process';
import { verifyStateFiles } from '@inventory/state-files';

/** Prints the verification checks of the state files. Asks neither Redis nor the API. */
export async function verify({ stateDir }: LoadedSettings): Promise<ExitCode> {
  const { lines, passed } = await verifyStateFiles(stateDir);
  process.stdout.write(`${lines.join('\n')}\n`);
  return passed ? exitCode.done : exitCode.partial;
}
