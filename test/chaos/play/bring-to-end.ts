import type { Actor } from '../world/actor.ts';
import type { StateFiles, World } from '../world/world.ts';
import { patiently } from './patience.ts';
import { resultsRequests, type Stage, workIsDone } from './stage.ts';

/** A last `start --all`, after the faults. */
export interface LastStart {
  readonly phase: 'permanent faults' | 'no faults';
  /** null when it had to be killed. */
  readonly code: number | null;
  /** When it was started, epoch ms. */
  readonly at: number;
  /** How many Results requests had been made before it. */
  readonly requestsBefore: number;
  /** Whether all tests had their verdict before it. */
  readonly allDecidedBefore: boolean;
  readonly errors: StateFiles['errors'];
}

export interface Ending {
  /** When the last transient fault was over, epoch ms. */
  readonly calmAt: number;
  readonly lastStarts: readonly LastStart[];
  /** What did not come to its end in time. */
  readonly overdue: readonly string[];
}

/** Requests in flight end, files are flushed; then a process has ended. */
const stopWithinMs = 40_000;
/** An operator runs a command again that ended with errors from the time of the faults. */
const mostLastStarts = 3;

/** Ends the transient faults, lets the work come to its end, then runs `start --all` with all faults repaired. */
export async function bringToEnd(stage: Stage): Promise<Ending> {
  const { plan, world } = stage;
  const { faults } = world.account.sandbox;
  faults.clear();
  for (const { fault } of plan.permanent) faults.add(fault);
  const overdue: string[] = [];
  const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
    if (!(await patiently(world, holds))) overdue.push(what);
  };
  await until('requests that hang', () => resultsRequests(world).every(({ endedAt }) => endedAt !== null));
  const calmAt = Date.now();
  world.troupe.repeatPartial = false;
  await until('the work of the processes', () => workIsDone(stage));
  const lastStarts: LastStart[] = [];
  if (plan.aloneInTheEnd) overdue.push(...(await stopAll(stage)));
  const start = async (phase: LastStart['phase']): Promise<void> => {
    lastStarts.push(await lastStart(stage, phase, overdue));
  };
  if (plan.variant === 'permanent') {
    await start('permanent faults');
    if (!isAsPlanned(stage, lastStarts)) await start('permanent faults');
    faults.clear();
  }
  let tries = 0;
  do {
    tries += 1;
    await start('no faults');
  } while (lastStarts.at(-1)?.code === 1 && tries < mostLastStarts);
  overdue.push(...(await stopAll(stage)));
  return { calmAt, lastStarts, overdue };
}

async function lastStart(stage: Stage, phase: LastStart['phase'], overdue: string[]): Promise<LastStart> {
  const { world } = stage;
  const requestsBefore = resultsRequests(world).length;
  const allDecidedBefore =
    (await world.client.hlen(`${world.prefix}:verdicts`)) === world.account.sandbox.library.size();
  const at = Date.now();
  const actor = world.troupe.run('start');
  await endOf(world, actor, overdue);
  const errors = await world.account.files().then(
    (files) => files.errors,
    () => ({}),
  );
  return { phase, code: actor.code(), at, requestsBefore, allDecidedBefore, errors };
}

/** Kills what does not come to its end. */
async function endOf(world: World, actor: Actor, overdue: string[]): Promise<void> {
  if (!(await patiently(world, () => !actor.alive()))) {
    overdue.push('the last start --all');
    actor.signal('SIGKILL');
  }
  await actor.program.ended;
}

function isAsPlanned({ plan }: Stage, lastStarts: readonly LastStart[]): boolean {
  return Object.keys(lastStarts.at(-1)?.errors ?? {}).length === plan.permanent.length;
}

async function stopAll({ world }: Stage): Promise<string[]> {
  const stuck = await world.troupe.stop(stopWithinMs);
  return stuck.map(({ number, role }) => `SIGTERM of ${number} ${role}`);
}
