import { once } from 'node:events';
import type { Command } from 'commander';
import {
  type CommandLine,
  readOptions,
  type SandboxCommand,
  sandboxOptions,
  startErrorText,
  startupText,
} from './command-line.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';

interface SandboxContext {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Takes the exit code: 2 when it cannot listen. */
  readonly end: (code: 0 | 2) => void;
  readonly commandLine: CommandLine;
}

/** `npm run sandbox`. */
export function sandboxCommand({ end, ...context }: SandboxContext): Command {
  return sandboxOptions().action(async (given) => end(await run(readOptions(given), context)));
}

async function run(command: SandboxCommand, { signal, commandLine }: Omit<SandboxContext, 'end'>): Promise<0 | 2> {
  let sandbox: Sandbox;
  try {
    sandbox = await startSandbox(command.options);
  } catch (error) {
    process.stderr.write(`sandbox: ${startErrorText(error)}\n`);
    return 2;
  }
  process.stdout.write(startupText(sandbox, command, commandLine));
  if (!signal.aborted) await once(signal, 'abort');
  await sandbox.close();
  return 0;
}
