import { type ChildProcess, fork, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentWith } from '@inventory/config';

const root = fileURLToPath(new URL('../../', import.meta.url));
const main = join(root, 'dist/program/main.js');
const warmProcess = fileURLToPath(new URL('./warm-process.mjs', import.meta.url));

/** How a program ended, and all it has printed. */
export interface Ended {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running program. */
export interface Program {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  isRunning(): boolean;
  /** All of stdout so far. */
  stdout(): string;
  /** All of stderr so far. */
  stderr(): string;
  /** Resolves when stdout or stderr holds the text; fails when the program ends before. */
  said(text: string | RegExp): Promise<void>;
  /** Sends a signal, if the program still runs. */
  kill(signal: NodeJS.Signals): void;
  /** Asks the program to end (SIGTERM), and waits until it has. */
  stop(): Promise<Ended>;
}

type Settings = Readonly<Record<string, string>>;

/** What Node, or the system, reads only when a process starts. */
const readAtStart: readonly string[] = ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'LD_PRELOAD', 'TZ'];
/** Processes whose program has ended, and that can run another one. */
const idle = new Set<ProgramProcess>();
const mostIdle = 6;
/** What a warm process writes to each stream at the end of a program. */
const endMark = '\0';

/**
 * Starts an app with these settings and no others, in a process that runs nothing else at that time, but may have run
 * other programs of a test before: loading and compiling the modules is most of the work of a short program.
 * @param app folder of apps/; of `cli` the first argument is the command
 */
export function startProgram(app: string, args: readonly string[], settings: Settings): Program {
  if (readAtStart.some((name) => name in settings)) return startProcess(app, args, settings);
  const stdio = ['ignore', 'pipe', 'pipe', 'ipc'] as const;
  const [free] = idle;
  const warm = free ?? new ProgramProcess(fork(warmProcess, [], { cwd: root, execArgv: [], stdio: [...stdio] }));
  idle.delete(warm);
  const program = warm.follow();
  warm.child.send({ main, args: wordsOf(app, args), env: environmentWith(settings) });
  void program.ended.then(() => {
    if (warm.child.connected && idle.size < mostIdle) idle.add(warm);
    else warm.child.kill('SIGKILL');
  });
  return program;
}

/** As {@link startProgram}, in a process of its own from its beginning to its exit. */
export function startProcess(app: string, args: readonly string[], settings: Settings): Program {
  return startNode([main, ...wordsOf(app, args)], settings);
}

/** Starts a TypeScript file of the tests in a process of its own. */
export function startFile(path: string, args: readonly string[], settings: Settings): Program {
  return startNode(['--import', 'tsx', '--conditions=source', path, ...args], settings);
}

function startNode(args: readonly string[], settings: Settings): Program {
  const stdio = ['ignore', 'pipe', 'pipe'] as const;
  const child = spawn(process.execPath, args, { cwd: root, env: environmentWith(settings), stdio: [...stdio] });
  killAtExit(child);
  return new ProgramProcess(child).follow();
}

/** Runs an app to its end. */
export function runProgram(app: string, args: readonly string[], settings: Settings): Promise<Ended> {
  return startProgram(app, args, settings).ended;
}

/** A process that runs a program, or one after the other. */
class ProgramProcess {
  readonly child: ChildProcess;
  #current: RunningProgram | null = null;

  constructor(child: ChildProcess) {
    this.child = child;
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (text: string) => this.#current?.take(name, text));
    }
    child.on('message', (message: { code: number }) => this.#current?.report(message.code));
    child.on('exit', () => idle.delete(this));
    child.on('close', (code, signal) => this.#current?.end(code, signal));
  }

  /** The program that it runs from now on. */
  follow(): Program {
    this.#current = new RunningProgram(this.child);
    return this.#current;
  }
}

class RunningProgram implements Program {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  readonly #texts = { stdout: '', stderr: '' };
  readonly #events = new EventEmitter<{ more: []; end: [Ended] }>();
  #running = true;
  /** What a warm process has reported as its exit code. */
  #code: number | null = null;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.ended = once(this.#events, 'end').then(([ended]) => ended);
  }

  take(name: 'stdout' | 'stderr', text: string): void {
    this.#texts[name] += text;
    this.#events.emit('more');
    this.#endIfMarked();
  }

  report(code: number): void {
    this.#code = code;
    this.#endIfMarked();
  }

  end(code: number | null, signal: NodeJS.Signals | null): void {
    if (!this.#running) return;
    this.#running = false;
    this.#events.emit('end', { code, signal, stdout: this.stdout(), stderr: this.stderr() });
  }

  #endIfMarked(): void {
    const { stdout, stderr } = this.#texts;
    if (this.#code !== null && stdout.includes(endMark) && stderr.includes(endMark)) this.end(this.#code, null);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  readonly isRunning = (): boolean => this.#running;

  readonly stdout = (): string => this.#texts.stdout.split(endMark, 1).join();

  readonly stderr = (): string => this.#texts.stderr.split(endMark, 1).join();

  readonly said = async (text: string | RegExp): Promise<void> => {
    const isSaid = (): boolean => {
      const all = this.stdout() + this.stderr();
      return typeof text === 'string' ? all.includes(text) : text.test(all);
    };
    while (!isSaid()) {
      if (!this.#running) throw new Error(`ended without saying ${text}:\n${this.stdout()}\n${this.stderr()}`);
      await Promise.race([once(this.#events, 'more'), this.ended]);
    }
  };

  readonly kill = (signal: NodeJS.Signals): void => void (this.#running && this.#child.kill(signal));

  readonly stop = (): Promise<Ended> => {
    this.kill('SIGTERM');
    return this.ended;
  };
}

/** The command line of the program. */
function wordsOf(app: string, args: readonly string[]): readonly string[] {
  return app === 'cli' ? args : [app, ...args];
}

/** Lets a child process live no longer than this one. */
export function killAtExit(child: ChildProcess): void {
  const kill = (): void => void child.kill('SIGKILL');
  // One listener per child; Node would warn from eleven on.
  process.setMaxListeners(0).once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
}

/** What a process said on stderr, without the warning that a busy machine causes at the short intervals of tests. */
export function complaints(stderr: string): string {
  return stderr
    .split('\n')
    .filter((line) => !line.includes('Redis took longer than half an interval'))
    .join('\n')
    .trim();
}

/** Whether a process of this machine runs. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
