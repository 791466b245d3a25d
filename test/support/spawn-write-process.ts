import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Starts `write-process.ts`. @param nodeOptions such as a limit of memory */
export function spawnWriteProcess(args: readonly string[], nodeOptions: readonly string[] = []): ChildProcess {
  const script = fileURLToPath(new URL('./write-process.ts', import.meta.url));
  const options = [...nodeOptions, '--conditions=source', '--import', 'tsx', script, ...args];
  return spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
}
