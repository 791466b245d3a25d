import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createLogger, SecretRegistry } from '@inventory/logger';
import { openRedis } from '@inventory/redis';
import { leastRequestsFor } from '../support/least-requests.ts';
import { boardBench } from './board-bench.ts';
import { limiterWay } from './limiter-way.ts';
import { ourWay } from './our-way.ts';
import { type SandboxProcess, startSandboxProcess } from './sandbox-process.ts';
import { scriptWay } from './script-way.ts';
import { paceOf } from './spacing.ts';

const { values } = parseArgs({
  options: {
    interval: { type: 'string', default: '200' },
    tests: { type: 'string', default: '40' },
    workers: { type: 'string', default: '1,2,4,8' },
    answers: { type: 'string', default: '0.1,0.5,1.5' },
    quick: { type: 'boolean', default: false },
    board: { type: 'boolean', default: false },
    'board-tests': { type: 'string', default: '100000' },
  },
});
const intervalMs = Number(values.interval);
const tests = values.quick ? 12 : Number(values.tests);
const workerCounts = values.quick ? [2] : values.workers.split(',').map(Number);
const answerTimes = values.quick ? [0.5] : values.answers.split(',').map(Number);
const boardTests = values.quick ? 5_000 : Number(values['board-tests']);

const dataDir = resolve('.data/bench');
const logger = createLogger({ name: 'bench', level: 'warn', format: '', secrets: new SecretRegistry() });
const redis = await openRedis({ redisUrl: '', dataDir, name: 'bench', logger });

type Way = (sandbox: SandboxProcess) => Promise<void>;

const ways: readonly (readonly [string, Way])[] = [
  ...workerCounts.map((workers): readonly [string, Way] => [
    `this program, ${workers} worker process${workers === 1 ? '' : 'es'}`,
    (sandbox) => ourWay({ sandbox, dataDir, intervalMs, workers }),
  ]),
  ["the tutorial's script (sleeps after each answer)", (sandbox) => scriptWay(sandbox, intervalMs)],
  [
    'BullMQ limiter of 10 a window, one job a test',
    (sandbox) => limiterWay(sandbox, redis.connect('limiter'), intervalMs),
  ],
];

print(`Machine: ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}.`);
const wrong = values.board ? 0 : await benchPace();
const boardKept = await boardBench({ client: redis.connect('board'), dataDir, tests: boardTests });
await redis.close();
if (wrong > 0) print(`\n${wrong} rows of this program have more requests than needed, or 429s.`);
if (!boardKept) print('\nThe board is slower or larger than promised.');
process.exit(wrong === 0 && boardKept ? 0 : 1);

/** The pace beside other ways. @returns how many rows of this program are worse than they have to be */
async function benchPace(): Promise<number> {
  let wrong = 0;
  print(`Interval ${intervalMs} ms, ${tests} tests. The API allows 10 requests in ten intervals less 2.5 %.\n`);
  print('| answers take | way | utilisation | least spacing | p99 spacing | requests / least possible | 429 |');
  print('|---|---|---|---|---|---|---|');
  for (const answers of answerTimes) {
    for (const [name, way] of ways) {
      const latencyMs = Math.round(answers * intervalMs);
      // A window a little shorter than ten intervals, as the real API's minute is of ten times 6.05 s.
      const sandbox = await startSandboxProcess({ tests, seed: 1, latencyMs, windowMs: 9.75 * intervalMs, limit: 10 });
      await way(sandbox);
      const pace = paceOf(await sandbox.seen(), intervalMs);
      const least = leastRequestsFor(await sandbox.library());
      await sandbox.stop();
      if (name.startsWith('this program') && (pace.requests !== least || pace.throttled > 0)) wrong += 1;
      const cells = [
        `${answers} interval`,
        name,
        `${(pace.utilisation * 100).toFixed(1)} %`,
        `${pace.leastMs.toFixed(0)} ms`,
        `${pace.p99Ms.toFixed(0)} ms`,
        `${pace.requests} / ${least}`,
        String(pace.throttled),
      ];
      print(`| ${cells.join(' | ')} |`);
    }
  }
  return wrong;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
