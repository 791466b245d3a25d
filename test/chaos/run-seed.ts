import type { RedisServer } from '@inventory/redis';
import { redisContents } from '../support/redis-contents.ts';
import { allChecks } from './checks/all-checks.ts';
import type { Evidence } from './checks/evidence.ts';
import type { Plan } from './plan/plan.ts';
import { planRun } from './plan/plan-run.ts';
import { bringToEnd } from './play/bring-to-end.ts';
import { playSchedule } from './play/play-schedule.ts';
import { resultsRequests, type Stage } from './play/stage.ts';
import { keepTraces } from './report/keep-traces.ts';
import { watchFiles } from './watch/watch-files.ts';
import { watchRedis } from './watch/watch-redis.ts';
import { openWorld } from './world/world.ts';

/** What became of one run. */
export interface RunResult {
  readonly plan: Plan;
  readonly tests: number;
  readonly requests: number;
  readonly kills: number;
  /** Answers that a fault met. */
  readonly faults: number;
  readonly durationMs: number;
  /** What went wrong, each with the name of its check. */
  readonly failures: readonly { readonly check: string; readonly detail: string }[];
  /** What to read about it: its schedule, what was done, the last log lines, and the folder with the rest. */
  readonly traces: readonly string[];
}

/** Of one check in one run. */
const mostDetails = 6;

/** Plans, plays and checks the run of a seed. @param keep whether traces of a run without failures are kept too */
export async function runSeed(seed: number, program: RedisServer, keep = false): Promise<RunResult> {
  const startedAt = performance.now();
  const plan = planRun(seed);
  const world = await openWorld(plan, program);
  const files = watchFiles(world.account.stateDir);
  const stage: Stage = { plan, world, watch: watchRedis(world.client, world.prefix), deeds: [], problems: [] };
  try {
    await playSchedule(stage);
    const ending = await bringToEnd(stage);
    const evidence: Evidence = {
      stage,
      ending,
      requests: resultsRequests(world),
      clockOffsetMs: Date.now() - (performance.timeOrigin + performance.now()),
      redis: await stage.watch.end(),
      fileSights: await files.end(),
      files: await world.account.files().catch(() => null),
      contents: await redisContents(world.client, world.prefix),
    };
    const failures: { check: string; detail: string }[] = [];
    for (const [check, look] of Object.entries(allChecks)) {
      const found = await look(evidence);
      const shown = found.slice(0, mostDetails);
      if (found.length > shown.length) shown.push(`and ${found.length - shown.length} more`);
      for (const detail of shown) failures.push({ check, detail });
    }
    return {
      plan,
      tests: world.account.sandbox.library.size(),
      requests: evidence.requests.length,
      kills: stage.deeds.filter(({ kind }) => kind !== 'other').length,
      faults: world.account.sandbox.requests().filter(({ faultId }) => faultId !== null).length,
      durationMs: performance.now() - startedAt,
      failures,
      traces: failures.length > 0 || keep ? await keepTraces(evidence) : [],
    };
  } finally {
    await world.troupe.stop(0);
    await Promise.allSettled([files.end(), stage.watch.end()]);
    await world.close();
  }
}
