import { setTimeout as sleep } from 'node:timers/promises';
import { type Ended, startProcess } from '../support/program.ts';
import type { Plan } from './plan.ts';
import type { Role } from './troubles.ts';

type Settings = Readonly<Record<string, string>>;
type Operator = Pick<Plan, 'restartDelaysMs' | 'clocks'>;

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
export type ChaosProcess = ReturnType<typeof startOne>;

function startOne(number: number, role: Role, settings: Settings) {
  const [app, ...args] = commands[role];
  const program = startProcess(app, args, settings);
  const process = {
    /** A name for people, such as `3 worker`; counted from 1 in the order of their start. */
    name: `${number} ${role}`,
    role,
    program,
    /** Epoch ms. */
    startedAt: Date.now(),
    /** How it ended, and when (epoch ms); null while it runs. */
    end: null as (Ended & { readonly at: number }) | null,
    /** Signals sent to it, in order. */
    signals: [] as NodeJS.Signals[],
    signal(name: NodeJS.Signals): void {
      process.signals.push(name);
      program.kill(name);
    },
  };
  void program.ended.then((ended) => {
    process.end = { ...ended, at: Date.now() };
  });
  return process;
}

/** The processes of a run, and the operator who starts them again. */
export class Processes {
  readonly #settings: Settings;
  readonly #operator: Operator;
  readonly #all: ChaosProcess[] = [];
  readonly #lanes: Promise<void>[] = [];
  #unfinished = 0;
  #restarting = true;
  /** Whether a run that ended with recorded errors is started again. */
  repeatPartial = true;

  constructor(settings: Settings, operator: Operator) {
    this.#settings = settings;
    this.#operator = operator;
  }

  /** All processes there ever were, in the order of their start. */
  get all(): readonly ChaosProcess[] {
    return this.#all;
  }

  alive(...roles: Role[]): ChaosProcess[] {
    return this.#all.filter(({ end, role }) => end === null && (roles.length === 0 || roles.includes(role)));
  }

  /** Whether all processes that end by themselves have done so. */
  get done(): boolean {
    return this.#unfinished === 0;
  }

  /** Starts a process, and again each time that it ends before its work is done. */
  join(role: Role): void {
    this.#lanes.push(this.#keep(role));
  }

  async #keep(role: Role): Promise<void> {
    const endsByItself = role === 'start' || role === 'producer';
    if (endsByItself) this.#unfinished += 1;
    do {
      const { code } = await this.run(role).program.ended;
      if (endsByItself && (code === 0 || (code === 1 && !this.repeatPartial))) break;
      const { restartDelaysMs } = this.#operator;
      await sleep(restartDelaysMs[this.#all.length % restartDelaysMs.length]);
    } while (this.#restarting && this.#all.length < mostStarts);
    if (endsByItself) this.#unfinished -= 1;
  }

  /** Starts a process once. */
  run(role: Role): ChaosProcess {
    const number = this.#all.length + 1;
    const { clocks } = this.#operator;
    const shift = clocks !== null && number % 2 === clocks.remainder ? clocks.shiftMs : null;
    const clock = shift !== null && { NODE_OPTIONS: `--import=${shiftedClock}?ahead=${shift}` };
    const process = startOne(number, role, { ...this.#settings, ...clock });
    this.#all.push(process);
    return process;
  }

  /** Stops all that are alive, as an operator does. @returns those that did not end within that time */
  async stop(withinMs: number): Promise<readonly ChaosProcess[]> {
    this.#restarting = false;
    const stopped = this.alive();
    for (const process of stopped) process.signal('SIGTERM');
    const ended = Promise.all(stopped.map(({ program }) => program.ended));
    await Promise.race([ended, sleep(withinMs, undefined, { ref: false })]);
    const stuck = stopped.filter(({ program }) => program.isRunning());
    for (const process of stuck) process.signal('SIGKILL');
    await Promise.all([...this.#lanes, ...this.#all.map(({ program }) => program.ended)]);
    return stuck;
  }
}
