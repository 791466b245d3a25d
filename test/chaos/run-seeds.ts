import { fileURLToPath } from 'node:url';
import { createLogger, SecretRegistry } from '@inventory/logger';
import { findRedisServer, type RedisServer } from '@inventory/redis';
import { redisContents } from '../support/redis-contents.ts';
import { watchFiles } from '../support/watch-files.ts';
import { bringToEnd, carryOutPlan } from './carry-out.ts';
import { checkProcesses, checkSecrets } from './check-processes.ts';
import {
  checkArrivals,
  checkGrants,
  checkNeeded,
  checkPauses,
  checkRepeats,
  checkSecondRun,
} from './check-requests.ts';
import {
  checkChanges,
  checkCheckpoints,
  checkErrors,
  checkFiles,
  checkFilesOnTheWay,
  checkOnTheWay,
} from './check-results.ts';
import { type Plan, planRun } from './plan.ts';
import { keepTraces } from './report.ts';
import { type Check, type Evidence, type Run, resultsRequests } from './run.ts';
import { watchRedis } from './watch.ts';
import { openWorld } from './world.ts';

/** What became of one run. */
export type RunResult = Awaited<ReturnType<typeof runPlan>>;

interface RunSeedsOptions {
  readonly seeds: readonly number[];
  /** How many run at a time. */
  readonly parallel: number;
  /** Whether traces of runs without failures are kept too. */
  readonly keep?: boolean;
  /** Called with each result as it comes. */
  readonly onResult: (result: RunResult) => void;
}

/** What holds in every run, by the name under which a failure is shown. */
const checks: Readonly<Record<string, Check>> = {
  'every test in the right file': checkFiles,
  'state files whole at every look': checkFilesOnTheWay,
  'an outage fails hardly any test, a forgetful API holds the queue': checkOnTheWay,
  'errors complete, and gone after the repair': checkErrors,
  'grants an interval apart': checkGrants,
  'no grant in a pause': checkPauses,
  'no request without a grant': checkArrivals,
  'no needless request': checkNeeded,
  'repeats only of requests in flight': checkRepeats,
  'a second run asks nothing again': checkSecondRun,
  'no test open, none decided twice': checkCheckpoints,
  'changes without a gap': checkChanges,
  'processes end as they should': checkProcesses,
  'nothing personal leaves': checkSecrets,
};

/** Of one check in one run. */
const mostDetails = 6;

/** Where a Redis that had to be fetched is kept, for this and for the other tests. */
const redisCache = fileURLToPath(new URL('../../.data/test-redis', import.meta.url));

/** Runs seeds, some at a time, with the redis-server of this machine; one is fetched where there is none. */
export async function runSeeds({ seeds, parallel, keep = false, onResult }: RunSeedsOptions): Promise<void> {
  const logger = createLogger({ name: 'chaos', level: 'info', format: '', secrets: new SecretRegistry() });
  const redisServer = await findRedisServer({ dataDir: redisCache, logger });
  const left = [...seeds];
  const lane = async (): Promise<void> => {
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
      onResult(await runPlan(planRun(seed), redisServer, keep));
    }
  };
  await Promise.all(Array.from({ length: parallel }, lane));
}

/** Carries out a plan and checks what came of it. */
async function runPlan(plan: Plan, redisServer: RedisServer, keep: boolean) {
  const startedAt = performance.now();
  const world = await openWorld(plan, redisServer);
  const files = watchFiles(world.account.stateDir);
  const run: Run = { plan, world, watch: watchRedis(world.client, world.prefix), events: [], problems: [] };
  try {
    await carryOutPlan(run);
    const ending = await bringToEnd(run);
    const evidence: Evidence = {
      run,
      ending,
      requests: resultsRequests(world),
      clockOffsetMs: Date.now() - (performance.timeOrigin + performance.now()),
      redis: await run.watch.end(),
      fileProblems: await files.end(),
      files: await world.account.files().catch(() => null),
      contents: await redisContents(world.client, world.prefix),
    };
    const failures = await failuresOf(evidence);
    const { sandbox } = world.account;
    return {
      plan,
      tests: sandbox.library.size(),
      requests: evidence.requests.length,
      kills: run.events.filter(({ kind }) => kind !== 'other').length,
      /** Answers that a fault met. */
      faults: sandbox.requests().filter(({ faultId }) => faultId !== null).length,
      durationMs: performance.now() - startedAt,
      /** What went wrong, each with the name of its check. */
      failures,
      /** What to read about it: its schedule, what was done, the last log lines, and the folder with the rest. */
      traces: failures.length > 0 || keep ? await keepTraces(evidence) : [],
    };
  } finally {
    await world.processes.stop(0);
    await Promise.allSettled([files.end(), run.watch.end()]);
    await world.close();
  }
}

async function failuresOf(evidence: Evidence): Promise<{ check: string; detail: string }[]> {
  const failures: { check: string; detail: string }[] = [];
  for (const [check, look] of Object.entries(checks)) {
    const found = await look(evidence);
    const more = found.length > mostDetails ? [`and ${found.length - mostDetails} more`] : [];
    for (const detail of [...found.slice(0, mostDetails), ...more]) failures.push({ check, detail });
  }
  return failures;
}
