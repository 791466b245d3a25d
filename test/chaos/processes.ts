import { setTimeout as sleep } from 'node:timers/promises';
import { type Ended, type Program, startProcess } from '../support/program.ts';
import type { Plan } from './plan.ts';
import type { Role } from './troubles.ts';

const commands: Readonly<Record<Role, readonly [app: string, ...args: string[]]>> = {
  start: ['cli', 'start', '--all'],
  producer: ['producer', '--all'],
  worker: ['worker'],
  exporter: ['exporter'],
};

const shiftedClock = new URL('../support/shifted-clock.mjs', import.meta.url).href;

/** A program that does not start would be started again for ever. */
const mostStarts = 60;

/** One process of a run, from its start to its end. */
export class ChaosProcess {
  /** A name for people, such as `3 worker`; counted from 1 in the order of their start. */
  readonly name: string;
  readonly role: Role;
  readonly program: Program;
  /** Epoch ms. */
  readonly startedAt = Date.now();
  /** How it ended, and when (epoch ms); null while it runs. */
  end: (Ended & { readonly at: number }) | null = null;
  /** Signals sent to it, in order. */
  readonly signals: NodeJS.Signals[] = [];

  constructor(number: number, role: Role, program: Program) {
    this.name = `${number} ${role}`;
    this.role = role;
    this.program = program;
    void program.ended.then((ended) => {
      this.end = { ...ended, at: Date.now() };
    });
  }

  get alive(): boolean {
    return this.end === null;
  }

  signal(name: NodeJS.Signals): void {
    this.signals.push(name);
    this.program.kill(name);
  }
}

/** The processes of a run, and the operator who starts them again. */
export class Processes {
  readonly #settings: Readonly<Record<string, string>>;
  readonly #plan: Pick<Plan, 'restartDelaysMs' | 'clocks'>;
  readonly #all: ChaosProcess[] = [];
  /** Processes that end by themselves and have not done so, and have no successor yet. */
  readonly #unfinished = new Set<ChaosProcess>();
  readonly #followed = new Set<Promise<void>>();
  #restarting = true;
  /** Whether a run that ended with recorded errors is started again. */
  repeatPartial = true;

  constructor(settings: Readonly<Record<string, string>>, plan: Pick<Plan, 'restartDelaysMs' | 'clocks'>) {
    this.#settings = settings;
    this.#plan = plan;
  }

  /** All processes there ever were, in the order of their start. */
  get all(): readonly ChaosProcess[] {
    return this.#all;
  }

  alive(...roles: Role[]): ChaosProcess[] {
    return this.#all.filter(({ alive, role }) => alive && (roles.length === 0 || roles.includes(role)));
  }

  /** Whether all processes that end by themselves have done so. */
  get done(): boolean {
    return this.#unfinished.size === 0;
  }

  /** Starts a process that is started again when it ends before its work is done. */
  join(role: Role): void {
    const process = this.run(role);
    if (role === 'start' || role === 'producer') this.#unfinished.add(process);
    const followed = this.#follow(process).finally(() => this.#followed.delete(followed));
    this.#followed.add(followed);
  }

  /** Starts a process once. */
  run(role: Role): ChaosProcess {
    const [app, ...args] = commands[role];
    const number = this.#all.length + 1;
    const process = new ChaosProcess(number, role, startProcess(app, args, this.#settingsOf(number)));
    this.#all.push(process);
    return process;
  }

  /** Stops all that are alive, as an operator does. @returns those that did not end within that time */
  async stop(withinMs: number): Promise<readonly ChaosProcess[]> {
    this.#restarting = false;
    const stopped = this.alive();
    for (const process of stopped) process.signal('SIGTERM');
    await Promise.race([
      Promise.all(stopped.map(({ program }) => program.ended)),
      sleep(withinMs, undefined, { ref: false }),
    ]);
    const stuck = stopped.filter(({ alive }) => alive);
    for (const process of stuck) process.signal('SIGKILL');
    await Promise.all(this.#followed);
    await Promise.all(this.#all.map(({ program }) => program.ended));
    return stuck;
  }

  async #follow(process: ChaosProcess): Promise<void> {
    await process.program.ended;
    if (!this.#isDone(process) && this.#all.length < mostStarts) {
      const { restartDelaysMs } = this.#plan;
      await sleep(restartDelaysMs[this.#all.indexOf(process) % restartDelaysMs.length]);
      if (this.#restarting) this.join(process.role);
    }
    this.#unfinished.delete(process);
  }

  #isDone({ role, end }: ChaosProcess): boolean {
    if (role === 'worker' || role === 'exporter') return false;
    return end?.code === 0 || (end?.code === 1 && !this.repeatPartial);
  }

  #settingsOf(number: number): Readonly<Record<string, string>> {
    const { clocks } = this.#plan;
    if (clocks === null || number % 2 !== clocks.remainder) return this.#settings;
    return { ...this.#settings, NODE_OPTIONS: `--import=${shiftedClock}?ahead=${clocks.shiftMs}` };
  }
}
