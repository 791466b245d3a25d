import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort, type RedisProcess, startRedisProcess } from './redis-servers.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { until } from './until.ts';

/** A master with two replicas, watched by three Sentinels. */
export interface WatchedRedis {
  readonly master: RedisProcess;
  /** The master and its replicas. */
  readonly nodes: readonly RedisProcess[];
  /** `redis+sentinel://…` */
  readonly url: string;
  /** Port of what the Sentinels hold for the master. */
  masterPort(): Promise<number>;
}

const name = 'main';

/** Starts them and waits until all know of each other; they end after the test. */
export async function startWatchedRedis(afterTest: (work: () => Promise<void>) => void): Promise<WatchedRedis> {
  const args = ['--appendonly', 'yes', '--repl-diskless-sync-delay', '0'];
  const master = await startRedisProcess({ afterTest, args });
  const replica = () => startRedisProcess({ afterTest, args: [...args, '--replicaof', `127.0.0.1 ${master.port}`] });
  const nodes = [master, ...(await Promise.all([replica(), replica()]))];
  const sentinel = () => startSentinel(afterTest, master.port);
  const sentinels = await Promise.all([sentinel(), sentinel(), sentinel()]);
  const clients = sentinels.map(({ url }) => new Redis(url));
  afterTest(async () => {
    for (const client of clients) client.disconnect();
  });
  const about = (client: Redis) => client.call('SENTINEL', 'MASTER', name) as Promise<string[]>;
  const field = (facts: string[], key: string): string => facts[facts.indexOf(key) + 1] ?? '';
  await until(
    'the Sentinels know of the replicas and of each other',
    async () => {
      const all = await Promise.all(clients.map(about));
      return all.every((facts) => field(facts, 'num-slaves') === '2' && field(facts, 'num-other-sentinels') === '2');
    },
    30_000,
  );
  return {
    master,
    nodes,
    url: `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${name}`,
    async masterPort() {
      const [first] = clients;
      return first === undefined ? 0 : Number(field(await about(first), 'port'));
    },
  };
}

async function startSentinel(afterTest: (work: () => Promise<void>) => void, masterPort: number) {
  const port = await freePort();
  const folder = await temporaryFolder(afterTest);
  const sentinelFile = join(folder, 'sentinel.conf');
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    `sentinel monitor ${name} 127.0.0.1 ${masterPort} 2`,
    `sentinel down-after-milliseconds ${name} 2000`,
    `sentinel failover-timeout ${name} 10000`,
  ];
  await writeFile(sentinelFile, `${lines.join('\n')}\n`);
  return startRedisProcess({ afterTest, port, sentinelFile });
}
