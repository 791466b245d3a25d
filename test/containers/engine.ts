import { spawn } from 'node:child_process';

/** How a command ended, and what it printed. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The programs that build and run containers. */
export interface Engine {
  /** For people. */
  readonly name: string;
  /** The words before the arguments of `docker compose`. */
  readonly compose: readonly string[];
  /** The words before the arguments of `docker`. */
  readonly docker: readonly string[];
}

export interface RunOptions {
  readonly cwd?: string;
  /** Settings on top of this process's environment; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Runs a command to its end; a program that is not there ends with 127. */
export function run(words: readonly string[], { cwd, env = {} }: RunOptions = {}): Promise<Ended> {
  const [program = '', ...args] = words;
  const child = spawn(program, args, {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ...env },
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
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 127, stdout, stderr: error.message }));
    child.once('close', (code) => resolve({ code: code ?? 1, stdout: stdout.trim(), stderr: stderr.trim() }));
  });
}

/** Runs a command that has to succeed. @returns its stdout @throws Error with what it printed */
export async function mustRun(words: readonly string[], options?: RunOptions): Promise<string> {
  const { code, stdout, stderr } = await run(words, options);
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}:\n${stdout}\n${stderr}`);
  return stdout;
}
