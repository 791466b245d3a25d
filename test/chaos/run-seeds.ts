import type { RedisServer } from '@inventory/redis';
import { findTestRedis } from '../support/test-redis.ts';
import { watchFiles } from '../support/watch-files.ts';
import { checksOfProcesses } from './check-processes.ts';
import { checksOfRequests } from './check-requests.ts';
import { checksOfResults } from './check-results.ts';
import { carryOut, type Evidence } from './evidence.ts';
import { type Plan, planRun } from './plan.ts';
import { keepTraces, resultLine } from './report.ts';
import type { Run } from './run.ts';
import { watchRedis } from './watch.ts';
import { openWorld } from './world.ts';

/** What became of one run. */
type RunResult = Awaited<ReturnType<typeof runPlan>>;

interface RunSeedsOptions {
  readonly seeds: readonly number[];
  /** How many run at a time. */
  readonly parallel: number;
  /** Called with each result as it comes. */
  readonly onResult?: (result: RunResult) => void;
}

const checks = { ...checksOfResults, ...checksOfRequests, ...checksOfProcesses };
/** Of one check in one run. */
const mostDetails = 6;

/** Runs seeds, some at a time, with the redis-server of this machine; one is fetched where there is none. */
export async function runSeeds({ seeds, parallel, onResult }: RunSeedsOptions): Promise<readonly RunResult[]> {
  const redisServer = await findTestRedis();
  const left = [...seeds];
  const results: RunResult[] = [];
  const lane = async (): Promise<void> => {
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
      const result = await runPlan(planRun(seed), redisServer);
      results.push(result);
      onResult?.(result);
    }
  };
  await Promise.all(Array.from({ length: parallel }, lane));
  return results;
}

/** Carries out a plan and checks what came of it. */
async function runPlan(plan: Plan, redisServer: RedisServer) {
  const startedAt = performance.now();
  const world = await openWorld(plan, redisServer);
  const files = watchFiles(world.account.stateDir);
  const run: Run = { plan, world, watch: watchRedis(world.client, world.prefix), events: [], problems: [] };
  try {
    const evidence = await carryOut(run, files);
    const failures = await failuresOf(evidence);
    return {
      plan,
      /** One line about it. */
      line: resultLine(evidence, failures, performance.now() - startedAt),
      /** What went wrong, each with the name of its check. */
      failures,
      /** What to read about it; empty where it is ok. */
      traces: failures.length > 0 ? await keepTraces(evidence, failures) : '',
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
