import { Checkpoints } from '@inventory/checkpoints';
import { Keyspace } from '@inventory/redis';
import { expectedByProbes } from '@inventory/sandbox';
import { leastRequestsFor } from '../support/needed-probes.ts';
import { freshPrefix, openFolder, timed } from './measure.ts';
import { number, type Part, table } from './part.ts';
import { hasExpectedCounts, openSandbox } from './sandbox-process.ts';
import { runScript } from './script.ts';
import { openWay, runWay } from './ways.ts';

/** Tests a second that have to be probed end to end on two cores. */
const promised = 300;
const workers = 2;

/** What a test costs where neither the API nor the network takes time: no limit, no latency, libraries of growing size. */
export const probedBench: Part = async ({ client, dataDir, quick, wrong, missed }) => {
  let best = 0;
  const heads = ["the tutorial's script, ms a test", 'this program, ms a test', 'this program, tests a second'];
  const row = table(`Probed without a limit and without latency, ${workers} worker processes`, ['tests', ...heads]);
  for (const tests of quick ? [100, 300] : [500, 1_000, 2_000, 4_000]) {
    const library = { tests, seed: 1 };
    await using folder = await openFolder();
    await using asked = await openSandbox(library);
    const scriptMs = await timed(() => runScript(asked, 0, folder.path));
    await using sandbox = await openSandbox(library);
    const prefix = await freshPrefix(client);
    const ms = await runWay(await openWay('program', { sandbox, client, prefix, dataDir, intervalMs: 0 }), workers);
    const { byCategory } = await (await Checkpoints.open(new Keyspace(client, prefix))).inventory.totals();
    const [requests, least] = [(await sandbox.requests()).length, leastRequestsFor(await sandbox.library())];
    wrong(requests !== least && `${tests} tests probed: ${requests} requests instead of ${least}`);
    wrong(!hasExpectedCounts(byCategory, library, expectedByProbes) && `${tests} tests probed: wrong types`);
    const rate = (tests / ms) * 1000;
    best = Math.max(best, rate);
    row(number(tests), (scriptMs / tests).toFixed(1), (ms / tests).toFixed(1), rate.toFixed(0));
  }
  missed(best < promised && `probing: ${best.toFixed(0)} of ${promised} tests a second`);
};
