import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { environmentWith } from '@inventory/config';
import { onTestFinished } from 'vitest';
import type { TestAccount } from './account.ts';

/** The built program. */
export const mainProgram = fileURLToPath(new URL('../../dist/program/main.js', import.meta.url));

interface TerminalOptions {
  readonly columns?: number;
  /** Typed when a command asks for workspaces. */
  readonly keys?: string;
}

/** Runs a command on a terminal of its own. @returns all that the terminal got */
export async function onTerminal(
  words: string,
  { settings }: Pick<TestAccount, 'settings'>,
  { columns = 120, keys = '' }: TerminalOptions = {},
): Promise<string> {
  const command = `stty cols ${columns}; ${process.execPath} ${mainProgram} ${words}`;
  const child = spawn('script', ['-qec', command, '/dev/null'], { env: environmentWith(settings) });
  onTestFinished(() => void child.kill('SIGKILL'));
  let got = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (!got.includes('Select') && (got + text).includes('Select')) child.stdin.write(keys);
    got += text;
  });
  await once(child, 'close');
  return got;
}
