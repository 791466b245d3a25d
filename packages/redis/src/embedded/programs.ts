import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export interface RunProgramOptions {
  readonly cwd?: string;
  /** Replaces the environment; the one of this process is inherited otherwise. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds after which the program is killed. */
  readonly timeoutMs: number;
}

/** A program was told to end, as by Ctrl-C, which reaches every process of a terminal. Processes end with 130. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  readonly exitCode = 130;

  constructor(cause: unknown) {
    super('Interrupted.', { cause });
  }
}

/**
 * Runs a program to its end and gives what it printed.
 * @throws InterruptedError; Error whose message is what the program said last on stderr.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env, timeoutMs }: RunProgramOptions,
): Promise<string> {
  try {
    const { stdout } = await execute(program, args, {
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: 64 * 1024 * 1024,
      ...(cwd === undefined ? {} : { cwd }),
      ...(env === undefined ? {} : { env }),
    });
    return stdout;
  } catch (error) {
    const signal = error instanceof Error && 'signal' in error ? String(error.signal) : '';
    if (['SIGINT', 'SIGTERM', 'SIGHUP'].includes(signal)) throw new InterruptedError(error);
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
    const said = stderr.trim().split('\n').slice(-3).join(' ').trim();
    throw new Error(said || `${program} failed or took longer than ${timeoutMs / 1000} s`, { cause: error });
  }
}

/** The absolute path of a program in the folders of a PATH, or null. Relative folders are not looked into. */
export async function findOnPath(program: string, path: string): Promise<string | null> {
  for (const folder of path.split(delimiter).filter((entry) => isAbsolute(entry))) {
    const candidate = join(folder, program);
    if (await isProgram(candidate)) return candidate;
  }
  return null;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
