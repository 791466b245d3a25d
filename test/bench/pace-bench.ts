import { leastRequestsFor } from '../support/needed-probes.ts';
import { withPrefix } from './measure.ts';
import { paceOf } from './pace.ts';
import { type Part, type PartOptions, print, printHead, printRow } from './part.ts';
import { peerWay } from './peer.ts';
import { type SandboxProcess, withSandbox } from './sandbox-process.ts';
import { limiterWay, programWay, scriptWay } from './ways.ts';

type Way = readonly [name: string, way: (sandbox: SandboxProcess) => Promise<unknown>];

const intervalMs = 200;
const leastUtilisation = 0.99;

/** The pace beside other ways: the same library at the same limit, at several times that an answer takes. */
export const paceBench: Part = async (options) => {
  const { quick } = options;
  const tests = quick ? 12 : 40;
  const wrong: string[] = [];
  const missed: string[] = [];
  print(`\nPace: interval ${intervalMs} ms, ${tests} tests. The API allows 10 requests in ten intervals less 2.5 %.\n`);
  printHead(['answers take', 'way', 'utilisation', 'least spacing', 'p99 spacing', 'requests / least possible', '429']);
  for (const answers of quick ? [0.5] : [0.1, 0.5, 1.5]) {
    for (const [name, way] of waysOf(options)) {
      // A window a little shorter than ten intervals, as the real API's minute is of ten times 6.05 s.
      const limit = { requests: 10, windowMs: 9.75 * intervalMs };
      const latencyMs = Math.round(answers * intervalMs);
      const { pace, least } = await withSandbox({ tests, seed: 1, latencyMs, limit }, async (sandbox) => {
        await way(sandbox);
        const pace = paceOf(await sandbox.requests(), intervalMs);
        return { pace, least: leastRequestsFor(await sandbox.library()) };
      });
      const utilisation = `${(pace.utilisation * 100).toFixed(1)} %`;
      const spacings = [pace.leastMs, pace.p99Ms].map((ms) => `${ms.toFixed(0)} ms`);
      const requests = `${pace.requests} / ${least}`;
      printRow([`${answers} intervals`, name, utilisation, ...spacings, requests, pace.throttled]);
      if (!name.startsWith('this program')) continue;
      if (pace.requests !== least || pace.throttled > 0) wrong.push(`${name}: more requests than needed, or 429s`);
      if (pace.utilisation < leastUtilisation) missed.push(`${name}: ${utilisation} of the rate`);
    }
  }
  return { wrong, missed };
};

function waysOf({ client, dataDir, quick }: PartOptions): readonly Way[] {
  return [
    ...(quick ? [2] : [1, 2, 4, 8]).map(
      (workers): Way => [
        `this program, ${workers} worker process${workers === 1 ? '' : 'es'}`,
        (sandbox) =>
          withPrefix(client, (prefix) => programWay({ sandbox, client, prefix, dataDir, intervalMs, workers })),
      ],
    ),
    ["the tutorial's script (sleeps after each answer)", (sandbox) => scriptWay(sandbox, intervalMs)],
    ['BullMQ limiter of 10 a window, one job a test', (sandbox) => limiterWay(sandbox, client, intervalMs)],
    [
      'BullMQ limiter of one an interval, one job a request',
      (sandbox) => withPrefix(client, (prefix) => peerWay({ sandbox, connection: client, prefix, intervalMs })),
    ],
  ];
}
