import { leastRequestsFor } from '../support/needed-probes.ts';
import { freshPrefix } from './measure.ts';
import { paceOf } from './pace.ts';
import { type Part, type PartOptions, table } from './part.ts';
import { type PeerName, peers } from './peers.ts';
import { openSandbox, type SandboxProcess } from './sandbox-process.ts';
import { runScript } from './script.ts';
import { peerWay, programWay, runWay, type Way, type WayOptions } from './ways.ts';

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

/** A window a little shorter than ten intervals, as the real API's minute is of ten times 6.05 s. */
export function limitFor(intervalMs: number) {
  return { limit: 10, 'window-ms': 9.75 * intervalMs };
}

function runsOf({ client, dataDir, quick }: PartOptions): readonly Run[] {
  const of = (name: string, processes: number, way: (options: WayOptions) => Promise<Way>): Run => [
    `${name}, ${processes} process${processes === 1 ? '' : 'es'}`,
    async (sandbox) => {
      const prefix = await freshPrefix(client);
      return runWay(await way({ sandbox, client, prefix, dataDir, intervalMs }), processes);
    },
  ];
  const peer = (name: PeerName, processes: number) =>
    of(peers[name].name, processes, (options) => peerWay(name, options));
  return [
    ...(quick ? [2] : [1, 2, 4, 8]).map((workers) => of('this program', workers, programWay)),
    ["the tutorial's script (sleeps after each answer)", (sandbox) => runScript(sandbox, intervalMs)],
    peer('jobPerTest', 1),
    peer('jobPerRequest', 2),
    peer('bottleneck', 2),
  ];
}
