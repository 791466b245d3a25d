import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Checkpoints } from '@inventory/checkpoints';
import type { RedisClient } from '@inventory/redis';
import { Keyspace } from '@inventory/redis';
import { leastRequestsFor } from '../support/least-requests.ts';
import { expectedCounts, sameCounts } from './expected-counts.ts';
import { ourWay } from './our-way.ts';
import type { Part } from './part.ts';
import { print, printHead, printRow } from './print.ts';
import { startSandboxProcess } from './sandbox-process.ts';
import { scriptWay } from './script-way.ts';
import { withPrefix } from './with-prefix.ts';

/** Tests a second that have to be probed end to end on two cores. */
const promised = 300;
const workers = 2;

/** What a test costs where neither the API nor the network takes time: no limit, no latency, libraries of growing size. */
export const probedBench: Part = async ({ redis, dataDir, quick }) => {
  const client = redis.connect('probed');
  const wrong: string[] = [];
  const rates: number[] = [];
  print(`\nProbed without a limit and without latency, ${workers} worker processes:\n`);
  printHead(['tests', "the tutorial's script, ms a test", 'this program, ms a test', 'this program, tests a second']);
  for (const tests of quick ? [100, 300] : [500, 1_000, 2_000, 4_000]) {
    const scriptMs = await timeScript(tests);
    const ours = await withPrefix(client, (prefix) => timeOurs(client, prefix, dataDir, tests));
    wrong.push(...ours.wrong);
    rates.push((tests / ours.ms) * 1000);
    printRow([
      tests.toLocaleString('en-US'),
      (scriptMs / tests).toFixed(1),
      (ours.ms / tests).toFixed(1),
      (rates.at(-1) ?? 0).toFixed(0),
    ]);
  }
  const best = Math.max(...rates);
  return { wrong, missed: best >= promised ? [] : [`probing: ${best.toFixed(0)} of ${promised} tests a second`] };
};

async function timeScript(tests: number): Promise<number> {
  const sandbox = await startSandboxProcess({ tests, seed: 1 });
  const folder = await mkdtemp(join(tmpdir(), 'inventory-script-'));
  try {
    const startedAt = performance.now();
    await scriptWay(sandbox, 0, folder);
    return performance.now() - startedAt;
  } finally {
    await sandbox.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function timeOurs(client: RedisClient, prefix: string, dataDir: string, tests: number) {
  const sandbox = await startSandboxProcess({ tests, seed: 1 });
  try {
    const ms = await ourWay({ sandbox, client, prefix, dataDir, intervalMs: 0, workers });
    const { inventory } = await Checkpoints.open(new Keyspace(client, prefix));
    const { byCategory } = await inventory.totals();
    const [asked, least] = [(await sandbox.seen()).length, leastRequestsFor(await sandbox.library())];
    return {
      ms,
      wrong: [
        ...(asked === least ? [] : [`${tests} tests probed: ${asked} requests instead of ${least}`]),
        ...(sameCounts(byCategory, expectedCounts({ tests, seed: 1 }, 'probes'))
          ? []
          : [`${tests} tests probed: wrong types`]),
      ],
    };
  } finally {
    await sandbox.stop();
  }
}
