import { leastRequestsFor } from '../support/needed-probes.ts';
import { freshPrefix } from './measure.ts';
import { limitFor, paceOf } from './pace.ts';
import { type Part, type PartOptions, table } from './part.ts';
import { openSandbox, type SandboxProcess } from './sandbox-process.ts';
import { runScript } from './script.ts';
import { nameOf, openWay, runWay, type WayName } from './ways.ts';

type Run = readonly [name: string, run: (sandbox: SandboxProcess) => Promise<unknown>];

const intervalMs = 200;
const leastUtilisation = 0.99;

/** The pace beside other ways: the same library at the same limit, at several times that an answer takes. */
export const paceBench: Part = async (options) => {
  const { quick, wrong, missed } = options;
  const tests = quick ? 12 : 40;
  const about = `Pace: interval ${intervalMs} ms, ${tests} tests. The API allows 10 requests in ten intervals less 2.5 %`;
  const spacing = ['utilisation', 'least spacing', 'p99 spacing'];
  const row = table(about, ['answers take', 'way', ...spacing, 'requests / least possible', '429']);
  for (const answers of quick ? [0.5] : [0.1, 0.5, 1.5]) {
    for (const [name, run] of runsOf(options)) {
      const library = { tests, seed: 1, latency: Math.round(answers * intervalMs), ...limitFor(intervalMs) };
      await using sandbox = await openSandbox(library);
      await run(sandbox);
      const pace = paceOf(await sandbox.requests(), intervalMs);
      const least = leastRequestsFor(await sandbox.library());
      const utilisation = `${(pace.utilisation * 100).toFixed(1)} %`;
      const spacings = [pace.leastMs, pace.p99Ms].map((ms) => `${ms.toFixed(0)} ms`);
      const requests = `${pace.requests} / ${least}`;
      row(`${answers} intervals`, name, utilisation, ...spacings, requests, pace.throttled);
      if (!name.startsWith('this program')) continue;
      wrong((pace.requests !== least || pace.throttled > 0) && `${name}: more requests than needed, or 429s`);
      missed(pace.utilisation < leastUtilisation && `${name}: ${utilisation} of the rate`);
    }
  }
};

function runsOf({ client, dataDir, quick }: PartOptions): readonly Run[] {
  const of = (way: WayName, processes: number): Run => [
    `${nameOf(way)}, ${processes} process${processes === 1 ? '' : 'es'}`,
    async (sandbox) => {
      const prefix = await freshPrefix(client);
      return runWay(await openWay(way, { sandbox, client, prefix, dataDir, intervalMs }), processes);
    },
  ];
  return [
    ...(quick ? [2] : [1, 2, 4, 8]).map((workers) => of('program', workers)),
    ["the tutorial's script (sleeps after each answer)", (sandbox) => runScript(sandbox, intervalMs)],
    of('jobPerTest', 1),
    of('jobPerRequest', 2),
    of('bottleneck', 2),
  ];
}
