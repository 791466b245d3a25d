import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentWith } from '@inventory/config';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** How a process of the program ended, and all it has printed. */
export interface Ended {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running process of the program. */
export interface Program {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** All of stdout so far. */
  stdout(): string;
  /** All of stderr so far. */
  stderr(): string;
  /** Resolves when stdout or stderr holds the text; fails when the process ends before. */
  said(text: string | RegExp): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

/**
 * Starts an app as a process of its own, with these settings and no others.
 * @param app folder of apps/; of `cli` the first argument is the command
 */
export function startProgram(
  app: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): Program {
  const words = app === 'cli' ? args : [app, ...args];
  const child = spawn(process.execPath, [join(root, 'dist/program/main.js'), ...words], {
    cwd: root,
    env: environmentWith(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([code]): Ended => ({ code: code as number | null, stdout, stderr }));
  return {
    child,
    ended,
    stdout: () => stdout,
    stderr: () => stderr,
    async said(text) {
      const heard = (): boolean =>
        typeof text === 'string' ? (stdout + stderr).includes(text) : text.test(stdout + stderr);
      while (!heard()) {
        const heardMore = new AbortController();
        const { signal } = heardMore;
        const streams = [child.stdout, child.stderr].map((stream) => once(stream, 'data', { signal }));
        const over = await Promise.race([Promise.race(streams).then(() => null), ended]);
        for (const stream of streams) stream.catch(() => undefined);
        heardMore.abort();
        if (over !== null && !heard()) throw new Error(`ended without saying ${text}:\n${stdout}\n${stderr}`);
      }
    },
    kill: (signal) => void child.kill(signal),
  };
}

/** Runs an app to its end. */
export function runProgram(
  app: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<Ended> {
  return startProgram(app, args, settings).ended;
}

/** What a process said on stderr, without the warning that a busy machine causes at the short intervals of tests. */
export function complaints(stderr: string): string {
  return stderr
    .split('\n')
    .filter((line) => !line.includes('Redis took longer than half an interval'))
    .join('\n')
    .trim();
}
