import { setTimeout as sleep } from 'node:timers/promises';
import { type Ended, startProcess } from '../support/program.ts';
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
export type ChaosProcess = ReturnType<typeof startOne>;

/** @param name for people, such as `3 worker` */
function startOne(name: string, role: Role, settings: Readonly<Record<string, string>>) {
  const [app, ...args] = commands[role];
  const program = startProcess(app, args, settings);
  const process = {
    name,
    role,
    program,
    /** Epoch ms. */
    startedAt: Date.now(),
    /** How it ended, and when (epoch ms); null while it runs. */
    end: null as (Ended & { readonly at: number }) | null,
    /** Signals sent to it, in order. */
    signals: [] as NodeJS.Signals[],
    signal(signal: NodeJS.Signals): void {
      process.signals.push(signal);
      program.kill(signal);
    },
  };
  void program.ended.then((ended) => {
    process.end = { ...ended, at: Date.now() };
  });
  return process;
}

/** The processes of a run, and the operator who starts them again. */
export function keepProcesses(
  settings: Readonly<Record<string, string>>,
  { restartDelaysMs, clocks }: Pick<Plan, 'restartDelaysMs' | 'clocks'>,
) {
  /** All processes there ever were, in the order of their start. */
  const all: ChaosProcess[] = [];
  const lanes: Promise<void>[] = [];
  /** How many of those that end by themselves have not done so. */
  let unfinished = 0;
  let restarting = true;
  let repeatPartial = true;

  function run(role: Role): ChaosProcess {
    const number = all.length + 1;
    const shift = clocks !== null && number % 2 === clocks.remainder ? clocks.shiftMs : null;
    const clock = shift !== null && { NODE_OPTIONS: `--import=${shiftedClock}?ahead=${shift}` };
    const process = startOne(`${number} ${role}`, role, { ...settings, ...clock });
    all.push(process);
    return process;
  }

  async function keep(role: Role): Promise<void> {
    const endsByItself = role === 'start' || role === 'producer';
    if (endsByItself) unfinished += 1;
    do {
      const { code } = await run(role).program.ended;
      if (endsByItself && (code === 0 || (code === 1 && !repeatPartial))) break;
      await sleep(restartDelaysMs[all.length % restartDelaysMs.length]);
    } while (restarting && all.length < mostStarts);
    if (endsByItself) unfinished -= 1;
  }

  const alive = (...roles: Role[]): ChaosProcess[] =>
    all.filter(({ end, role }) => end === null && (roles.length === 0 || roles.includes(role)));

  return {
    all: all as readonly ChaosProcess[],
    alive,
    /** Whether all processes that end by themselves have done so. */
    areDone: () => unfinished === 0,
    /** Starts a process once. */
    run,
    /** Starts a process, and again each time that it ends before its work is done. */
    join: (role: Role): void => void lanes.push(keep(role)),
    /** From now on a run that ended with recorded errors is not started again. */
    acceptErrors(): void {
      repeatPartial = false;
    },
    /** Stops all that are alive, as an operator does. @returns those that did not end within that time */
    async stop(withinMs: number): Promise<readonly ChaosProcess[]> {
      restarting = false;
      const stopped = alive();
      for (const process of stopped) process.signal('SIGTERM');
      const ended = Promise.all(stopped.map(({ program }) => program.ended));
      await Promise.race([ended, sleep(withinMs, undefined, { ref: false })]);
      const stuck = stopped.filter(({ program }) => program.isRunning());
      for (const process of stuck) process.signal('SIGKILL');
      await Promise.all([...lanes, ...all.map(({ program }) => program.ended)]);
      return stuck;
    },
  };
}
