import { fileURLToPath } from 'node:url';
import { createLogger, SecretRegistry } from '@inventory/logger';
import { findRedisServer, type RedisServer } from '@inventory/redis';
import { redisContents } from '../support/redis-contents.ts';
import { watchFiles } from '../support/watch-files.ts';
import { bringToEnd, carryOutPlan } from './carry-out.ts';
import { checksOfProcesses } from './check-processes.ts';
import { checksOfRequests } from './check-requests.ts';
import { checksOfResults } from './check-results.ts';
import type { Evidence } from './evidence.ts';
import { type Plan, planRun } from './plan.ts';
import { keepTraces } from './report.ts';
import { type Run, resultsRequests } from './run.ts';
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
  readonly onResult?: (result: RunResult) => void;
}

const checks = { ...checksOfResults, ...checksOfRequests, ...checksOfProcesses };
/** Of one check in one run. */
const mostDetails = 6;

/** Where a Redis that had to be fetched is kept, for this and for the other tests. */
const redisCache = fileURLToPath(new URL('../../.data/test-redis', import.meta.url));

/** Runs seeds, some at a time, with the redis-server of this machine; one is fetched where there is none. */
export async function runSeeds(options: RunSeedsOptions): Promise<readonly RunResult[]> {
  const { seeds, parallel, keep = false, onResult = () => undefined } = options;
  const logger = createLogger({ name: 'chaos', level: 'info', format: '', secrets: new SecretRegistry() });
  const redisServer = await findRedisServer({ dataDir: redisCache, logger });
  const left = [...seeds];
  const results: RunResult[] = [];
  const lane = async (): Promise<void> => {
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
      const result = await runPlan(planRun(seed), redisServer, keep);
      results.push(result);
      onResult(result);
    }
  };
  await Promise.all(Array.from({ length: parallel }, lane));
  return results;
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

async function failuresOf(evidence: Evidence): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const [check, look] of Object.entries(checks)) {
    const found = await look(evidence);
    const more = found.length > mostDetails ? [`and ${found.length - mostDetails} more`] : [];
    failures.push(...[...found.slice(0, mostDetails), ...more].map((detail) => `${check}: ${detail}`));
  }
  return failures;
}
