import { setTimeout as sleep } from 'node:timers/promises';
import { cause } from './cause.ts';
import { type Ending, type LastStart, patiently, type Run, resultsRequests, workIsDone } from './run.ts';

const lookEveryMs = 20;
/** An event whose request does not come is due when there has been no request at all for so long. */
const patienceMs = 1_200;
/** The first request comes after processes have started and listed. */
const firstPatienceMs = 5_000;
/** Requests in flight end, files are flushed; then a process has ended. */
const stopWithinMs = 40_000;
/** An operator runs a command again that ended with errors from the time of the faults. */
const mostLastStarts = 3;

/** Starts the processes and causes the troubles of the plan, each in its time. Ends when all of them are over. */
export async function carryOutPlan(run: Run): Promise<void> {
  const { plan, world } = run;
  for (const { fault } of plan.permanent) world.account.sandbox.faults.add(fault);
  for (const role of plan.roles) world.processes.join(role);
  const troubles: Promise<void>[] = [];
  for (const { atRequest, delayMs, trouble } of plan.events) {
    await requestsMade(run, atRequest);
    await sleep(delayMs);
    const over = cause(trouble, run);
    over.catch(() => undefined);
    troubles.push(over);
  }
  await Promise.all(troubles);
}

/** Waits for a request, unless all is done or nothing moves. */
async function requestsMade({ world }: Run, wanted: number): Promise<void> {
  let made = 0;
  let movedAt = performance.now();
  while (made < wanted && !world.processes.done) {
    if (performance.now() - movedAt >= (made === 0 ? firstPatienceMs : patienceMs)) return;
    const now = resultsRequests(world).length;
    if (now > made) movedAt = performance.now();
    made = now;
    await sleep(lookEveryMs);
  }
}

/** Ends the transient faults, lets the work come to its end, then runs `start --all` with all faults repaired. */
export async function bringToEnd(run: Run): Promise<Ending> {
  const { plan, world } = run;
  const { processes } = world;
  const { faults } = world.account.sandbox;
  const lastStarts: LastStart[] = [];
  const overdue: string[] = [];
  const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
    if (!(await patiently(world, holds))) overdue.push(what);
  };
  const stopAll = async (): Promise<void> => {
    overdue.push(...(await processes.stop(stopWithinMs)).map(({ name }) => `SIGTERM of ${name}`));
  };
  const start = async (phase: LastStart['phase']): Promise<void> => {
    lastStarts.push(await lastStart(run, phase, overdue));
  };

  faults.clear();
  for (const { fault } of plan.permanent) faults.add(fault);
  await until('requests that hang', () => resultsRequests(world).every(({ endedAt }) => endedAt !== null));
  const calmAt = Date.now();
  processes.repeatPartial = false;
  await until('the work of the processes', () => workIsDone(run));
  if (plan.aloneInTheEnd) await stopAll();
  if (plan.variant === 'permanent') {
    await start('permanent faults');
    const recorded = Object.keys(lastStarts[0]?.errors ?? {}).length;
    if (recorded !== plan.permanent.length) await start('permanent faults');
    faults.clear();
  }
  let tries = 0;
  do {
    tries += 1;
    await start('no faults');
  } while (lastStarts.at(-1)?.code === 1 && tries < mostLastStarts);
  await stopAll();
  return { calmAt, lastStarts, overdue };
}

async function lastStart({ world }: Run, phase: LastStart['phase'], overdue: string[]): Promise<LastStart> {
  const { account, client, prefix, processes } = world;
  const requestsBefore = resultsRequests(world).length;
  const allDecidedBefore = (await client.hlen(`${prefix}:verdicts`)) === account.sandbox.library.size();
  const at = Date.now();
  const process = processes.run('start');
  if (!(await patiently(world, () => !process.alive))) {
    overdue.push('the last start --all');
    process.signal('SIGKILL');
  }
  const { code } = await process.program.ended;
  const errors = await account.files().then(
    (files) => files.errors,
    () => ({}),
  );
  return { phase, code, at, requestsBefore, allDecidedBefore, errors };
}
