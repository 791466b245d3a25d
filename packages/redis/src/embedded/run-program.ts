import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export interface RunProgramOptions {
  readonly cwd?: string;
  /** Replaces the environment; the one of this process is inherited otherwise. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds after which the program is killed. */
  readonly timeoutMs: number;
}

/**
 * Runs a program to its end and gives what it printed.
 * @throws Error whose message is what the program said last on stderr.
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
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
    const said = stderr.trim().split('\n').slice(-3).join(' ').trim();
    throw new Error(said || `${program} failed or took longer than ${timeoutMs / 1000} s`, { cause: error });
  }
}
