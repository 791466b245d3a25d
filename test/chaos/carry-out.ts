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
  while (made < wanted && !world.processes.areDone()) {
    if (performance.now() - movedAt >= (made === 0 ? firstPatienceMs : patienceMs)) return;
    const now = resultsRequests(world).length;
    if (now > made) movedAt = performance.now();
    made = now;
    await sleep(lookEveryMs);
  }
}

/** A last `start --all`, after the transient faults. */
export type LastStart = Awaited<ReturnType<typeof bringToEnd>>['repaired'][number];

/** Ends the transient faults, lets the work come to its end, then runs `start --all` with all faults repaired. */
export async function bringToEnd(run: Run) {
  const { plan, world } = run;
  const { account, client, prefix, processes } = world;
  const { faults, library } = account.sandbox;
  /** What did not come to its end in time. */
  const overdue: string[] = [];
  const over = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
    if (!(await patiently(world, holds))) overdue.push(what);
  };
  const stopAll = async (): Promise<void> => {
    overdue.push(...(await processes.stop(stopWithinMs)).map(({ name }) => `SIGTERM of ${name}`));
  };
  const start = async () => {
    const before = {
      /** When it was started, epoch ms. */
      at: Date.now(),
      /** How many Results requests had been made before it. */
      requestsBefore: resultsRequests(world).length,
      /** Whether all tests had their verdict before it. */
      allDecidedBefore: (await client.hlen(`${prefix}:verdicts`)) === library.size(),
    };
    const process = processes.run('start');
    await over('the last start --all', () => process.end !== null);
    if (process.end === null) process.signal('SIGKILL');
    /** null when it had to be killed. */
    const { code } = await process.program.ended;
    const { errors } = await account.files().catch(() => ({ errors: {} }));
    return { ...before, code, errors };
  };

  faults.clear();
  for (const { fault } of plan.permanent) faults.add(fault);
  await over('requests that hang', () => resultsRequests(world).every(({ endedAt }) => endedAt !== null));
  /** When the last transient fault was over, epoch ms. */
  const calmAt = Date.now();
  processes.acceptErrors();
  await over('the work of the processes', () => workIsDone(run));
  if (plan.aloneInTheEnd) await stopAll();
  const broken = plan.permanent.length > 0 ? [await start()] : [];
  if (Object.keys(broken[0]?.errors ?? {}).length !== plan.permanent.length) broken.push(await start());
  faults.clear();
  const repaired = [await start()];
  while (repaired.at(-1)?.code === 1 && repaired.length < mostLastStarts) repaired.push(await start());
  await stopAll();
  return { calmAt, broken, repaired, overdue };
}
