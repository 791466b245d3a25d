import { redisContents } from '../support/redis-contents.ts';
import type { watchFiles } from '../support/watch-files.ts';
import { bringToEnd, carryOutPlan } from './carry-out.ts';
import { type Run, resultsRequests } from './run.ts';

/** All that a run left behind, for the checks. */
export type Evidence = Awaited<ReturnType<typeof carryOut>>;

/** Rules that hold in every run, each with a look at it that gives what breaks it, a sentence each. */
export type Checks = Readonly<Record<string, (evidence: Evidence) => readonly string[] | Promise<readonly string[]>>>;

/** Carries out the plan of a run, brings it to its end, and gathers what it has left. */
export async function carryOut(run: Run, files: ReturnType<typeof watchFiles>) {
  const { account, client, prefix } = run.world;
  await carryOutPlan(run);
  return {
    run,
    ending: await bringToEnd(run),
    /** Results requests in the order of their arrival. */
    requests: resultsRequests(run.world),
    /** What has to be added to the server's times to get epoch ms. */
    clockOffsetMs: Date.now() - (performance.timeOrigin + performance.now()),
    redis: await run.watch.end(),
    /** What was wrong with the state files at any look. */
    fileProblems: await files.end(),
    /** The state files in the end; null when they cannot be read. */
    files: await account.files().catch(() => null),
    /** Everything in Redis in the end, by key. */
    contents: (await redisContents(client, prefix)) as Readonly<Record<string, unknown>>,
  };
}
