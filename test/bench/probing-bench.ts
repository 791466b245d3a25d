import { type LoggedRequest, resultsSpacings } from '@inventory/sandbox';
import { numberText } from '@inventory/status/words';
import { leastRequests } from '../support/needed-probes.ts';
import { until } from '../support/until.ts';
import { type Part, quantile, seconds, table, timed } from './part.ts';
import { openSandbox } from './sandbox-process.ts';
import { runScript } from './tutorial.ts';
import { bottleneck, jobPerRequest, jobPerTest, runWay, thisProgram } from './ways.ts';

const intervalMs = 200;
/** A window a little shorter than ten intervals, as the real API's minute is of ten times 6.05 s. */
const limit = { limit: 10, 'window-ms': 9.75 * intervalMs };
const leastUtilisation = 0.99;
const scriptName = "the tutorial's script (sleeps after each answer)";

/** The pace beside other ways: the same library at the same limit, at several times that an answer takes. */
export const pace: Part = async ({ quick, open, wrong, missed }) => {
  const tests = quick ? 12 : 40;
  const about = `Pace: interval ${intervalMs} ms, ${tests} tests. The API allows 10 requests in ten intervals less 2.5 %`;
  const spacing = ['utilisation', 'least spacing', 'p99 spacing'];
  const row = table(about, ['answers take', 'way', ...spacing, 'requests / least possible', '429']);
  const runs = [
    ...(quick ? [2] : [1, 2, 4, 8]).map((processes) => ({ way: thisProgram, processes })),
    { way: null, processes: 1 },
    { way: jobPerTest, processes: 1 },
    { way: jobPerRequest, processes: 2 },
    { way: bottleneck, processes: 2 },
  ];
  for (const answers of quick ? [0.5] : [0.1, 0.5, 1.5]) {
    for (const { way, processes } of runs) {
      await using sandbox = await openSandbox({ tests, latency: Math.round(answers * intervalMs), ...limit });
      const probing = { ...(await open()), sandbox, intervalMs, processes };
      await (way === null ? runScript(probing) : runWay(way, probing));
      const found = paceOf(await sandbox.requests(), intervalMs);
      const least = leastRequests(sandbox.library);
      const name = way ? `${way.name}, ${processes} process${processes === 1 ? '' : 'es'}` : scriptName;
      const utilisation = `${(found.utilisation * 100).toFixed(1)} %`;
      const spacings = [found.leastMs, found.p99Ms].map((ms) => `${ms.toFixed(0)} ms`);
      const requests = `${found.requests} / ${least}`;
      row(`${answers} intervals`, name, utilisation, ...spacings, requests, found.throttled);
      if (way !== thisProgram) continue;
      wrong((found.requests !== least || found.throttled > 0) && `${name}: more requests than needed, or 429s`);
      missed(found.utilisation < leastUtilisation && `${name}: ${utilisation} of the rate`);
    }
  }
};

/**
 * The pace (times in ms) of a run while two or more tests were open: with one test left, its next request has to wait for
 * its last answer.
 * @param seen in the order of arrival
 */
export function paceOf(seen: readonly Pick<LoggedRequest, 'at' | 'testUuid' | 'status'>[], intervalMs: number) {
  const lastOf = new Map<string, number>();
  for (const { testUuid, at } of seen) if (testUuid !== null) lastOf.set(testUuid, at);
  const [, end = Number.POSITIVE_INFINITY] = [...lastOf.values()].sort((a, b) => b - a);
  const times = seen.map(({ at }) => at).filter((at) => at <= end);
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  const length = (times.at(-1) ?? 0) - (times[0] ?? 0);
  return {
    requests: seen.length,
    /** Share of one request per interval that was used, 1 = all of it. */
    utilisation: length === 0 ? 0 : (gaps.length * intervalMs) / length,
    leastMs: quantile(gaps, 0),
    p99Ms: quantile(gaps, 0.99),
    throttled: seen.filter(({ status }) => status === 429).length,
  };
}

/** A new process has started; the lock of the killed one's job has run out (10 s), and a look has found it (every 5 s). */
const mostAfterKill = { nextMs: 5_000, longestMs: 20_000 };

/** The only worker is killed (SIGKILL) in the middle, and another one is started at once. */
export const kill: Part = async ({ quick, open, wrong, missed }) => {
  const tests = quick ? 8 : 20;
  const about = `kill -9 of the only worker in the middle, and a new one at once: ${tests} tests, interval ${intervalMs} ms`;
  const times = ['next request after', 'longest time without a request'];
  const row = table(about, ['way', 'requests repeated', ...times, '429']);
  for (const way of quick ? [thisProgram] : [thisProgram, jobPerRequest, bottleneck]) {
    await using sandbox = await openSandbox({ tests, latency: intervalMs / 2, ...limit });
    const probing = { ...(await open()), sandbox, intervalMs };
    const least = leastRequests(sandbox.library);
    await way.enqueue(probing);
    const first = way.start(probing);
    await until('half is asked', async () => (await sandbox.requests()).length >= least / 2, 60_000);
    first.kill('SIGKILL');
    await first.ended;
    const before = (await sandbox.requests()).length;
    await runWay({ ...way, enqueue: async () => undefined }, { ...probing, processes: 1 });
    const seen = await sandbox.requests();
    const { throttled } = paceOf(seen, intervalMs);
    const spacings = resultsSpacings(seen);
    const [nextMs, longestMs] = [spacings[before - 1] ?? 0, Math.max(...spacings)];
    const repeated = seen.length - throttled - least;
    row(way.name, repeated, seconds(nextMs), seconds(longestMs), throttled);
    if (way !== thisProgram) continue;
    // Requests in flight at the kill: their answers are lost. With answers of half an interval that is one.
    const isRight = (repeated === 0 || repeated === 1) && throttled === 0;
    wrong(!isRight && `after a kill: ${repeated} requests repeated, ${throttled} × 429`);
    missed(nextMs > mostAfterKill.nextMs && `after a kill the next request came after ${seconds(nextMs)}`);
    missed(longestMs > mostAfterKill.longestMs && `after a kill no request for ${seconds(longestMs)}`);
  }
};

/** Tests a second that have to be probed end to end on two cores. */
const leastRate = 300;

/** What a test costs where neither the API nor the network takes time: no limit, no latency, libraries of growing size. */
export const probed: Part = async ({ quick, open, wrong, missed }) => {
  let best = 0;
  const heads = ["the tutorial's script, ms a test", 'this program, ms a test', 'this program, tests a second'];
  const row = table('Probed without a limit and without latency, 2 worker processes', ['tests', ...heads]);
  for (const tests of quick ? [100, 300] : [500, 1_000, 2_000, 4_000]) {
    const place = { ...(await open()), intervalMs: 0 };
    await using asked = await openSandbox({ tests });
    const scriptMs = await timed(() => runScript({ ...place, sandbox: asked }));
    await using sandbox = await openSandbox({ tests });
    const ms = await runWay(thisProgram, { ...place, sandbox, processes: 2 });
    const { byCategory } = await place.checkpoints.inventory.totals();
    const [requests, least] = [(await sandbox.requests()).length, leastRequests(sandbox.library)];
    wrong(requests !== least && `${tests} tests probed: ${requests} requests instead of ${least}`);
    wrong(!sandbox.isRight(byCategory) && `${tests} tests probed: wrong types`);
    const rate = (tests / ms) * 1000;
    best = Math.max(best, rate);
    row(numberText(tests), (scriptMs / tests).toFixed(1), (ms / tests).toFixed(1), rate.toFixed(0));
  }
  missed(best < leastRate && `probing: ${best.toFixed(0)} of ${leastRate} tests a second`);
};
