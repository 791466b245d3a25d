import type { Program } from '../../support/program.ts';
import type { Role } from '../plan/plan.ts';

/** One process of a run, from its start to its end. */
export interface Actor {
  /** Counted from 1 in the order of their start. */
  readonly number: number;
  readonly role: Role;
  readonly program: Program;
  /** Epoch ms. */
  readonly startedAt: number;
  /** Epoch ms; null while it runs. */
  endedAt(): number | null;
  /** Signals sent to it, in order. */
  readonly signals: readonly NodeJS.Signals[];
  /** True until it has ended. */
  alive(): boolean;
  /** Exit code; null while it runs and when a signal ended it. */
  code(): number | null;
  signal(name: NodeJS.Signals): void;
}

/** A name for people, such as `3 worker`. */
export function nameOf({ number, role }: Pick<Actor, 'number' | 'role'>): string {
  return `${number} ${role}`;
}

/** Whether processes of a role send Results requests. */
export function probes(role: Role): boolean {
  return role === 'start' || role === 'worker';
}

/** A process that has just been started. */
export function actorOf(number: number, role: Role, program: Program): Actor {
  const signals: NodeJS.Signals[] = [];
  const { child } = program;
  let endedAt: number | null = null;
  child.once('exit', () => {
    endedAt = Date.now();
  });
  return {
    number,
    role,
    program,
    startedAt: Date.now(),
    endedAt: () => endedAt,
    signals,
    alive: () => child.exitCode === null && child.signalCode === null,
    code: () => child.exitCode,
    signal(name) {
      signals.push(name);
      program.kill(name);
    },
  };
}
