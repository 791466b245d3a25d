import { Checkpoints } from '@inventory/checkpoints';
import { Keyspace, type RedisClient } from '@inventory/redis';
import { leastRequestsFor } from '../support/needed-probes.ts';
import { inFolder, timed, withPrefix } from './measure.ts';
import { number, type Part, print, printHead, printRow } from './part.ts';
import { hasExpectedCounts, withSandbox } from './sandbox-process.ts';
import { programWay, scriptWay } from './ways.ts';

/** Tests a second that have to be probed end to end on two cores. */
const promised = 300;
const workers = 2;

/** What a test costs where neither the API nor the network takes time: no limit, no latency, libraries of growing size. */
export const probedBench: Part = async ({ client, dataDir, quick }) => {
  const wrong: string[] = [];
  let best = 0;
  print(`\nProbed without a limit and without latency, ${workers} worker processes:\n`);
  printHead(['tests', "the tutorial's script, ms a test", 'this program, ms a test', 'this program, tests a second']);
  for (const tests of quick ? [100, 300] : [500, 1_000, 2_000, 4_000]) {
    const scriptMs = await withSandbox({ tests, seed: 1 }, (sandbox) =>
      inFolder((folder) => timed(() => scriptWay(sandbox, 0, folder))),
    );
    const program = await withPrefix(client, (prefix) => runProgramWay(client, prefix, { dataDir, tests }));
    wrong.push(...program.wrong);
    const rate = (tests / program.ms) * 1000;
    best = Math.max(best, rate);
    printRow([number(tests), (scriptMs / tests).toFixed(1), (program.ms / tests).toFixed(1), rate.toFixed(0)]);
  }
  return { wrong, missed: best >= promised ? [] : [`probing: ${best.toFixed(0)} of ${promised} tests a second`] };
};

function runProgramWay(client: RedisClient, prefix: string, { dataDir, tests }: { dataDir: string; tests: number }) {
  return withSandbox({ tests, seed: 1 }, async (sandbox) => {
    const ms = await programWay({ sandbox, client, prefix, dataDir, intervalMs: 0, workers });
    const { byCategory } = await (await Checkpoints.open(new Keyspace(client, prefix))).inventory.totals();
    const [asked, least] = [(await sandbox.requests()).length, leastRequestsFor(await sandbox.library())];
    const wrong: string[] = [];
    if (asked !== least) wrong.push(`${tests} tests probed: ${asked} requests instead of ${least}`);
    if (!hasExpectedCounts(byCategory, { tests, seed: 1 }, 'probes')) wrong.push(`${tests} tests probed: wrong types`);
    return { ms, wrong };
  });
}
