import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Worker processes of the demo. `stop` lets them end their requests. */
export interface DemoWorkers {
  stop(): Promise<void>;
}

/**
 * Starts worker processes whose logs go to files.
 * @param folder where the logs go: `worker-1.log`, …
 */
export function startWorkers(
  count: number,
  environment: Readonly<Record<string, string | undefined>>,
  folder: string,
): DemoWorkers {
  mkdirSync(folder, { recursive: true });
  const main = join(fileURLToPath(import.meta.resolve('@inventory/worker')), '..', 'main.js');
  const children = Array.from({ length: count }, (_, index) => {
    const log = openSync(join(folder, `worker-${index + 1}.log`), 'w');
    const child = spawn(process.execPath, [main], { env: environment, stdio: ['ignore', log, log] });
    closeSync(log);
    return child;
  });
  return {
    async stop() {
      await Promise.all(children.map(stopChild));
    },
  };
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
