import { cp, readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { openTestAccount } from './support/account.ts';
import { runProgram } from './support/program.ts';
import { startOwnRedis } from './support/redis-servers.ts';
import { openSystemBench } from './support/system-bench.ts';

const library = {
  seed: 17,
  tests: 10,
  workspaces: 2,
  sharedTests: 1,
  mix: { classic: 1, survey: 1, 'interaction (qx)': 1, 'think-out-loud': 1 },
};
const prefix = '{cut}';
const settings = { QUEUE_PREFIX: prefix, REQUEST_INTERVAL_MS: '10', WORKER_SLOTS: '3' };
const every = 500;
/** How many of the cuts are tried; all of them with `AOF_CUTS=all`. */
const most = process.env['AOF_CUTS'] === 'all' ? Infinity : 16;
const atOnce = 3;

const probes = {
  sessions: 'sessionResults',
  video: 'videoDownloadUrl',
  qx: 'qxScores',
  transcript: 'transcript',
} as const;
type Probe = keyof typeof probes;

/** The file that grows. */
async function fileIn(folder: string): Promise<string> {
  const files = join(folder, 'appendonlydir');
  const name = (await readdir(files)).find((each) => each.endsWith('.incr.aof'));
  return join(files, name ?? '');
}

it('a run goes on rightly from whatever a power cut has left of the file of Redis, and asks nothing twice', {
  timeout: most === Infinity ? 3_600_000 : 240_000,
}, async ({ onTestFinished }) => {
  const recorded = await startOwnRedis(onTestFinished);
  const account = await openTestAccount({ library, latency: [0, 20] }, recorded.url, settings);
  onTestFinished(() => account.close());
  expect(await runProgram('cli', ['start', '--all'], account.settings)).toEndWith({ code: 0 });
  await recorded.kill();
  const { size } = await stat(await fileIn(recorded.folder));
  const all = Array.from({ length: Math.floor(size / every) }, (_, index) => (index + 1) * every);
  const cuts = all.filter((_, index) => index % Math.ceil(all.length / Math.min(most, all.length)) === 0);
  const lane = async (): Promise<void> => {
    for (let cut = cuts.shift(); cut !== undefined; cut = cuts.shift()) await goOnFrom(recorded.folder, cut);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
});

/** Loads the file as far as the cut, writes something after it, loads that, and starts. */
async function goOnFrom(recorded: string, cut: number): Promise<void> {
  const endings: (() => Promise<void>)[] = [];
  const afterTest = (work: () => Promise<void>): void => void endings.unshift(work);
  try {
    const redis = await startOwnRedis(afterTest, {
      prepare: async (folder) => {
        await cp(join(recorded, 'appendonlydir'), join(folder, 'appendonlydir'), { recursive: true });
        await truncate(await fileIn(folder), cut);
      },
    });
    const client = new Redis(redis.url);
    await client.multi().set('later', 1).del('later').exec();
    await redis.kill();
    client.disconnect();
    await redis.start();
    const bench = await openSystemBench({ afterTest, sandbox: { library }, settings, redisUrl: redis.url });
    const known = await bench.redis.hgetall(`${prefix}:evidence`);
    const ended = await bench.start();
    const where = `cut at ${cut}\n${ended.stdout}\n${ended.stderr}`;
    expect(ended).toEndWith({ code: 0 });
    expect(await bench.files(), where).toEqual({ ...bench.expected(), errors: {} });
    for (const [uuid, text] of Object.entries(known)) {
      for (const probe of Object.keys(JSON.parse(text)) as Probe[]) {
        expect(bench.asked(uuid, probes[probe]), `${where}\n${uuid} ${probe}`).toEqual([]);
      }
    }
  } finally {
    for (const end of endings) await end();
  }
}
