import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { readLivingServer } from '../src/embedded/server-record.ts';

export interface AttachedProcess {
  readonly pid: number;
  /** What it printed when it was in: the server's process id, or whether it inherited the lock. */
  readonly opened: Promise<string>;
  /** Asks it to leave and waits until it has ended. */
  leave(): Promise<void>;
  /** Sends a signal, to its whole process group if so said, and waits until it has ended. */
  kill(signal: NodeJS.Signals, group?: 'group'): Promise<void>;
}

/** Starts `attached-process.ts` as a leader of a process group of its own, as a shell does. */
export function startAttachedProcess(what: 'join' | 'lock', folder: string): AttachedProcess {
  const entry = fileURLToPath(new URL('./attached-process.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=source', entry, what, folder], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const pid = child.pid ?? 0;
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const ended = once(child, 'exit');
  const opened = new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      if (line.startsWith('open ')) resolve(line.slice(5));
    });
    child.once('exit', () => reject(new Error(`the process ended before it was in: ${log}`)));
  });
  opened.catch(() => undefined);
  return {
    pid,
    opened,
    leave: async () => {
      child.stdin.end('\n');
      await ended;
      if (child.exitCode !== 0) throw new Error(`the process failed: ${log}`);
    },
    kill: async (signal, group) => {
      process.kill(group === undefined ? pid : -pid, signal);
      await ended;
    },
  };
}

/** A folder for one test; after it (vitest's `onTestFinished`), a Redis left running in `redis/` below is killed and the folder removed. */
export async function temporaryFolder(afterTest: (work: () => Promise<void>) => void): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'inventory-'));
  afterTest(async () => {
    const left = await readLivingServer(join(folder, 'redis'));
    if (left !== null) process.kill(left.pid, 'SIGKILL');
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  return folder;
}
