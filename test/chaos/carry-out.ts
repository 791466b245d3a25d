import { setTimeout as sleep } from 'node:timers/promises';
import { cause } from './cause.ts';
import { patiently, type Run, resultsRequests, workIsDone } from './run.ts';

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

export type Ending = Awaited<ReturnType<typeof bringToEnd>>;
/** A last `start --all`, after the transient faults. */
export type LastStart = Awaited<ReturnType<typeof lastStart>>;

/** Ends the transient faults, lets the work come to its end, then runs `start --all` with all faults repaired. */
export async function bringToEnd(run: Run) {
  const { plan, world } = run;
  const { processes } = world;
  const { faults } = world.account.sandbox;
  const lastStarts: LastStart[] = [];
  /** What did not come to its end in time. */
  const overdue: string[] = [];
  const stopAll = async (): Promise<void> => {
    overdue.push(...(await processes.stop(stopWithinMs)).map(({ name }) => `SIGTERM of ${name}`));
  };
  const start = async (phase: 'permanent faults' | 'no faults'): Promise<LastStart> => {
    const last = await lastStart(run, phase);
    if (last.code === null) overdue.push('the last start --all');
    lastStarts.push(last);
    return last;
  };

  faults.clear();
  for (const { fault } of plan.permanent) faults.add(fault);
  const areOver = () => resultsRequests(world).every(({ endedAt }) => endedAt !== null);
  if (!(await patiently(world, areOver))) overdue.push('requests that hang');
  /** When the last transient fault was over, epoch ms. */
  const calmAt = Date.now();
  processes.repeatPartial = false;
  if (!(await patiently(world, () => workIsDone(run)))) overdue.push('the work of the processes');
  if (plan.aloneInTheEnd) await stopAll();
  if (plan.permanent.length > 0) {
    const { errors } = await start('permanent faults');
    if (Object.keys(errors).length !== plan.permanent.length) await start('permanent faults');
    faults.clear();
  }
  for (let tries = 0; tries < mostLastStarts; tries += 1) {
    if ((await start('no faults')).code !== 1) break;
  }
  await stopAll();
  return { calmAt, lastStarts, overdue };
}

async function lastStart({ world }: Run, phase: 'permanent faults' | 'no faults') {
  const { account, client, prefix, processes } = world;
  const before = {
    phase,
    /** When it was started, epoch ms. */
    at: Date.now(),
    /** How many Results requests had been made before it. */
    requestsBefore: resultsRequests(world).length,
    /** Whether all tests had their verdict before it. */
    allDecidedBefore: (await client.hlen(`${prefix}:verdicts`)) === account.sandbox.library.size(),
  };
  const process = processes.run('start');
  if (!(await patiently(world, () => process.end !== null))) process.signal('SIGKILL');
  /** null when it had to be killed. */
  const { code } = await process.program.ended;
  const errors = await account.files().then(
    (files) => files.errors,
    () => ({}),
  );
  return { ...before, code, errors };
}
