import { expect, it } from 'vitest';
import { keyNames } from '../packages/checkpoints/src/keys.ts';
import { libraryOf, openSystemBench, type SystemBench } from './support/system-bench.ts';
import { until } from './support/until.ts';

const slots = 3;
const settings = { WORKER_SLOTS: String(slots), REQUEST_INTERVAL_MS: '40' };
const kinds = ['classic', 'interaction (qx)', 'think-out-loud', 'survey', 'no-sessions'] as const;
const library = libraryOf(...Array.from({ length: 20 }, (_, index) => kinds[index % kinds.length] ?? 'survey'));

/** Keys of BullMQ, below the queue's name. */
const ofTheQueue = ['wait', 'prioritized', 'active', 'delayed', 'completed', 'meta', 'id', 'pc', 'marker', 'stalled'];
const moreOfTheQueue = ['stalled-check', 'limiter', 'events'];
/** Keys of the pace, beside the checkpoints. */
const ofThePace = ['starts', 'pause', 'processes', 'held', 'circuit', 'failures'];

type Loss = readonly [what: string, lose: (bench: SystemBench) => Promise<unknown>];

const key = ({ prefix }: SystemBench, name: string): string => `${prefix}:${name}`;
const losses: readonly Loss[] = [
  ...keyNames.map((name): Loss => [name, (bench) => bench.redis.del(key(bench, name))]),
  ...ofThePace.map((name): Loss => [name, (bench) => bench.redis.del(key(bench, name))]),
  ...[...ofTheQueue, ...moreOfTheQueue].map(
    (name): Loss => [`classify:${name}`, (bench) => bench.redis.del(key(bench, `classify:${name}`))],
  ),
  ['the record of a job', async (bench) => bench.redis.del(key(bench, `classify:${await waitingJob(bench)}`))],
  ['the mark of a test', async (bench) => bench.redis.del(await markOf(bench, await waitingJob(bench)))],
  ['a lock', async (bench) => bench.redis.del(key(bench, `classify:${await activeJob(bench)}:lock`))],
  ['the end of the limiter', (bench) => bench.redis.set(key(bench, 'classify:limiter'), '9007199254740991')],
  ['the reason of a hold', (bench) => bench.redis.hset(key(bench, 'classify:meta'), 'paused', '1')],
];

/** Begins a run, and has one key be lost in the middle of it, while one request waits to be sent again. */
async function loseInTheMiddle(bench: SystemBench, lose: Loss[1]) {
  const later = bench.tests[10]?.uuid ?? '';
  bench.sandbox.faults.add({ kind: 'status', status: 503, endpoint: 'sessionResults', testUuid: later, count: 1 });
  const first = bench.tests[0]?.uuid ?? '';
  bench.sandbox.faults.add({ kind: 'status', status: 503, endpoint: 'sessionResults', testUuid: first, count: 1 });
  const program = bench.launch('cli', ['start', '--all']);
  await until('the middle of the run', () => bench.asked().length >= 15, 60_000);
  await lose(bench);
  return program.ended;
}

it.concurrent.for(losses.filter(([what]) => what !== 'runs'))(
  'a run ends right although Redis loses %s in the middle of it',
  async ([what, lose], { onTestFinished }) => {
    const bench = await openSystemBench({
      afterTest: onTestFinished,
      sandbox: { library, latency: [5, 60] },
      settings,
    });
    const ended = await loseInTheMiddle(bench, lose);
    expect(ended).toEndWith({ code: what === 'listing' ? 1 : 0 });
    if (what === 'listing') {
      expect(ended.stdout).toContain('Redis has lost');
      expect(await bench.start()).toEndWith({ code: 0 });
    }
    expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
    const faults = 2;
    const lostEvidence = ['evidence', 'open', 'streak', 'listing'].includes(what) ? 60 : 0;
    expect(bench.asked().length - bench.least() - faults).toBeLessThanOrEqual(slots + lostEvidence);
    expect(await bench.start()).toEndWith({ code: 0 });
  },
);

it('a run that Redis forgets says so, and the next start ends it', async ({ onTestFinished }) => {
  const bench = await openSystemBench({ afterTest: onTestFinished, sandbox: { library, latency: [5, 60] }, settings });
  const ended = await loseInTheMiddle(bench, ({ redis, prefix }) => redis.del(`${prefix}:runs`));
  expect(ended).toEndWith({ code: 1 });
  expect(ended.stderr + ended.stdout).toContain('Redis no longer knows this run');
  expect(await bench.start()).toEndWith({ code: 0 });
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
});

async function waitingJob({ redis, prefix }: SystemBench): Promise<string> {
  const [id = ''] = await redis.zrange(`${prefix}:classify:prioritized`, '-1', '-1');
  return id;
}

async function activeJob({ redis, prefix }: SystemBench): Promise<string> {
  return (await redis.lindex(`${prefix}:classify:active`, 0)) ?? 'none';
}

async function markOf({ redis, prefix }: SystemBench, job: string): Promise<string> {
  return `${prefix}:classify:de:${await redis.hget(`${prefix}:classify:${job}`, 'deid')}`;
}
