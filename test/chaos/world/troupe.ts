import { setTimeout as sleep } from 'node:timers/promises';
import { startProgram } from '../../support/program.ts';
import { dice } from '../plan/dice.ts';
import type { Plan, Role } from '../plan/plan.ts';
import { type Actor, actorOf } from './actor.ts';
import { killAtExit } from './kill-at-exit.ts';

const args: Readonly<Record<Role, readonly [app: string, ...args: string[]]>> = {
  start: ['cli', 'start', '--all'],
  producer: ['producer', '--all'],
  worker: ['worker'],
  exporter: ['exporter'],
};

const shiftedClock = new URL('../../support/shifted-clock.mjs', import.meta.url).href;

/** Somebody who restarts all day long has a program that does not start. */
const mostStarts = 60;

/** The processes of a run, and the operator who starts them again. */
export class Troupe {
  readonly #settings: Readonly<Record<string, string>>;
  readonly #plan: Pick<Plan, 'seed' | 'clocks'>;
  readonly #actors: Actor[] = [];
  /** Processes with an end of their own that have not come to it, and have no successor yet. */
  readonly #unfinished = new Set<Actor>();
  readonly #watches = new Set<Promise<void>>();
  #restarting = true;
  /** Whether a run that ended with recorded errors is started again. */
  repeatPartial = true;

  constructor(settings: Readonly<Record<string, string>>, plan: Pick<Plan, 'seed' | 'clocks'>) {
    this.#settings = settings;
    this.#plan = plan;
  }

  /** All processes there ever were, in the order of their start. */
  get actors(): readonly Actor[] {
    return this.#actors;
  }

  alive(...roles: Role[]): Actor[] {
    return this.#actors.filter((actor) => actor.alive() && (roles.length === 0 || roles.includes(actor.role)));
  }

  /** Whether all processes that have an end of their own have come to it. */
  done(): boolean {
    return this.#unfinished.size === 0;
  }

  /** Starts a process that is started again when it ends before its work is done. */
  join(role: Role): void {
    const actor = this.run(role);
    if (role === 'start' || role === 'producer') this.#unfinished.add(actor);
    const watch = this.#follow(actor).finally(() => this.#watches.delete(watch));
    this.#watches.add(watch);
  }

  async #follow(actor: Actor): Promise<void> {
    await actor.program.ended;
    if (!this.#isDone(actor) && this.#actors.length < mostStarts) {
      await sleep(dice(this.#plan.seed, `restart ${actor.number}`).int(20, 500));
      if (this.#restarting) this.join(actor.role);
    }
    this.#unfinished.delete(actor);
  }

  /** Starts a process once. */
  run(role: Role): Actor {
    const [app, ...rest] = args[role];
    const number = this.#actors.length + 1;
    const settings = { ...this.#settings, ...this.#clockOf(number) };
    const actor = actorOf(number, role, startProgram(app, rest, settings));
    killAtExit(actor.program.child);
    this.#actors.push(actor);
    return actor;
  }

  /** Stops all that are alive, as an operator does. @returns those that did not end within that time */
  async stop(withinMs: number): Promise<readonly Actor[]> {
    this.#restarting = false;
    const stopped = this.alive();
    for (const actor of stopped) actor.signal('SIGTERM');
    await Promise.race([
      Promise.all(stopped.map(({ program }) => program.ended)),
      sleep(withinMs, undefined, { ref: false }),
    ]);
    const stuck = stopped.filter((actor) => actor.alive());
    for (const actor of stuck) actor.signal('SIGKILL');
    await Promise.all(this.#watches);
    await Promise.all(this.#actors.map(({ program }) => program.ended));
    return stuck;
  }

  #clockOf(number: number): Readonly<Record<string, string>> {
    const { clocks } = this.#plan;
    if (clocks === null || number % 2 !== clocks.remainder) return {};
    return { NODE_OPTIONS: `--import=${shiftedClock}?ahead=${clocks.shiftMs}` };
  }

  #isDone(actor: Actor): boolean {
    if (actor.role === 'worker' || actor.role === 'exporter') return false;
    return actor.code() === 0 || (actor.code() === 1 && !this.repeatPartial);
  }
}
