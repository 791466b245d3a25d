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

/** There is nothing here that could run containers. */
export class NoEngineError extends Error {
  override readonly name = 'NoEngineError';

  constructor() {
    super(
      'This test needs a Docker engine with "docker compose". On Debian as root it also runs without one: name a script ' +
        'that sets up podman with CONTAINER_LAB=/path/to/script (it takes "up", "compose ARGS" and "docker ARGS").',
    );
  }
}

/** The Docker engine of this machine, or the script that `CONTAINER_LAB` names, made ready. @throws NoEngineError */
export async function findEngine(env: NodeJS.ProcessEnv = process.env): Promise<Engine> {
  const [engine, compose] = await Promise.all([run(['docker', 'info']), run(['docker', 'compose', 'version'])]);
  if (engine.code === 0 && compose.code === 0) {
    return { name: compose.stdout, compose: ['docker', 'compose'], docker: ['docker'] };
  }
  const lab = env['CONTAINER_LAB'];
  if (lab === undefined || lab === '' || process.getuid?.() !== 0) throw new NoEngineError();
  await mustRun([lab, 'up']);
  const version = await mustRun([lab, 'compose', 'version', '--short']);
  return { name: `docker-compose ${version} of CONTAINER_LAB`, compose: [lab, 'compose'], docker: [lab, 'docker'] };
}
