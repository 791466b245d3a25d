import { setTimeout as sleep } from 'node:timers/promises';
import { leastRequestsFor } from '../support/needed-probes.ts';
import { freshPrefix } from './measure.ts';
import { limitFor, paceOf } from './pace.ts';
import { type Part, seconds, table } from './part.ts';
import { openSandbox } from './sandbox-process.ts';
import { nameOf, openWay, untilDone, type WayName } from './ways.ts';

const intervalMs = 200;
/** A new process has started; the lock of the killed one's job has run out (10 s), and a look has found it (every 5 s). */
const most = { nextMs: 5_000, longestMs: 20_000 };
const killed: readonly WayName[] = ['program', 'jobPerRequest', 'bottleneck'];

/** The only worker is killed (SIGKILL) in the middle, and another one is started at once. */
export const killBench: Part = async ({ client, dataDir, quick, wrong, missed }) => {
  const tests = quick ? 8 : 20;
  const about = `kill -9 of the only worker in the middle, and a new one at once: ${tests} tests, interval ${intervalMs} ms`;
  const times = ['next request after', 'longest time without a request'];
  const row = table(about, ['way', 'requests repeated', ...times, '429']);
  for (const name of quick ? killed.slice(0, 1) : killed) {
    const library = { tests, seed: 1, latency: intervalMs / 2, ...limitFor(intervalMs) };
    await using sandbox = await openSandbox(library);
    const way = await openWay(name, { client, dataDir, sandbox, prefix: await freshPrefix(client), intervalMs });
    const least = leastRequestsFor(await sandbox.library());
    await way.enqueue();
    const first = await way.start();
    while ((await sandbox.requests()).length < least / 2) await sleep(20);
    first.kill('SIGKILL');
    await first.ended;
    const before = (await sandbox.requests()).length;
    const second = await way.start();
    await untilDone(way);
    second.kill('SIGKILL');
    const seen = await sandbox.requests();
    const { throttled } = paceOf(seen, intervalMs);
    const gaps = seen.slice(1).map(({ at }, index) => at - (seen[index]?.at ?? at));
    const [nextMs, longestMs] = [gaps[before - 1] ?? 0, Math.max(...gaps)];
    const repeated = seen.length - throttled - least;
    row(nameOf(name), repeated, seconds(nextMs), seconds(longestMs), throttled);
    if (name !== 'program') continue;
    // Requests in flight at the kill: their answers are lost. With answers of half an interval that is one.
    const isRight = (repeated === 0 || repeated === 1) && throttled === 0;
    wrong(!isRight && `after a kill: ${repeated} requests repeated, ${throttled} × 429`);
    missed(nextMs > most.nextMs && `after a kill the next request came after ${seconds(nextMs)}`);
    missed(longestMs > most.longestMs && `after a kill no request for ${seconds(longestMs)}`);
  }
};
