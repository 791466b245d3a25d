import { leastRequestsFor } from '../support/least-requests.ts';
import { limiterWay } from './limiter-way.ts';
import { ourWay } from './our-way.ts';
import type { Part, PartOptions } from './part.ts';
import { print, printHead, printRow } from './print.ts';
import { type SandboxProcess, startSandboxProcess } from './sandbox-process.ts';
import { scriptWay } from './script-way.ts';
import { paceOf } from './spacing.ts';
import { withPrefix } from './with-prefix.ts';

type Way = readonly [name: string, way: (sandbox: SandboxProcess) => Promise<unknown>];

const intervalMs = 200;
const most = 0.99;

/** The pace beside other ways: the same library at the same limit, at several times that an answer takes. */
export const paceBench: Part = async (options) => {
  const { quick } = options;
  const tests = quick ? 12 : 40;
  const wrong: string[] = [];
  const missed: string[] = [];
  print(`\nPace: interval ${intervalMs} ms, ${tests} tests. The API allows 10 requests in ten intervals less 2.5 %.\n`);
  printHead(['answers take', 'way', 'utilisation', 'least spacing', 'p99 spacing', 'requests / least possible', '429']);
  for (const answers of quick ? [0.5] : [0.1, 0.5, 1.5]) {
    for (const [name, way] of ways(options)) {
      // A window a little shorter than ten intervals, as the real API's minute is of ten times 6.05 s.
      const limit = { requests: 10, windowMs: 9.75 * intervalMs };
      const sandbox = await startSandboxProcess({ tests, seed: 1, latencyMs: Math.round(answers * intervalMs), limit });
      await way(sandbox);
      const pace = paceOf(await sandbox.seen(), intervalMs);
      const least = leastRequestsFor(await sandbox.library());
      await sandbox.stop();
      printRow([
        `${answers} intervals`,
        name,
        `${(pace.utilisation * 100).toFixed(1)} %`,
        `${pace.leastMs.toFixed(0)} ms`,
        `${pace.p99Ms.toFixed(0)} ms`,
        `${pace.requests} / ${least}`,
        pace.throttled,
      ]);
      if (!name.startsWith('this program')) continue;
      if (pace.requests !== least || pace.throttled > 0) wrong.push(`${name}: more requests than needed, or 429s`);
      if (pace.utilisation < most) missed.push(`${name}: ${(pace.utilisation * 100).toFixed(1)} % of the rate`);
    }
  }
  return { wrong, missed };
};

function ways({ redis, dataDir, quick }: PartOptions): readonly Way[] {
  const client = redis.connect('pace');
  return [
    ...(quick ? [2] : [1, 2, 4, 8]).map(
      (workers): Way => [
        `this program, ${workers} worker process${workers === 1 ? '' : 'es'}`,
        (sandbox) => withPrefix(client, (prefix) => ourWay({ sandbox, client, prefix, dataDir, intervalMs, workers })),
      ],
    ),
    ["the tutorial's script (sleeps after each answer)", (sandbox) => scriptWay(sandbox, intervalMs)],
    ['BullMQ limiter of 10 a window, one job a test', (sandbox) => limiterWay(sandbox, client, intervalMs)],
  ];
}
