import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort, type RedisProcess, startRedisProcess } from './redis-servers.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { until } from './until.ts';

const slots = 16_384;

const masterCount = 3;

/**
 * Starts a Redis Cluster of three masters; it ends after the test.
 * @returns its nodes: the masters, then the replica of each where there are replicas
 */
export async function startRedisCluster(
  afterTest: (work: () => Promise<void>) => void,
  { replicas = false } = {},
): Promise<readonly RedisProcess[]> {
  const buses: number[] = [];
  while (buses.length < (replicas ? 2 : 1) * masterCount) buses.push(await freePort());
  const cluster = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '5000', '--appendonly', 'yes'];
  const args = [...cluster, '--repl-diskless-sync-delay', '0', '--cluster-port'];
  const nodes = await Promise.all(buses.map((bus) => startRedisProcess({ afterTest, args: [...args, String(bus)] })));
  const clients = nodes.map(({ url }) => new Redis(url));
  try {
    for (const [index, client] of clients.entries()) {
      const [from = 0, to = 0] = [index, index + 1].map((part) => Math.floor((part * slots) / masterCount));
      if (index < masterCount) await client.call('CLUSTER', 'ADDSLOTSRANGE', from, to - 1);
      // Only while a node knows no other.
      await client.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
    }
    for (const [index, client] of clients.entries()) {
      const next = (index + 1) % nodes.length;
      await client.call('CLUSTER', 'MEET', '127.0.0.1', nodes[next]?.port ?? 0, buses[next] ?? 0);
    }
    await until('each node knows the whole cluster', async () => {
      const infos = await Promise.all(clients.map((client) => client.cluster('INFO')));
      const all = `cluster_known_nodes:${nodes.length}\r`;
      return infos.every((info) => info.includes('cluster_state:ok') && info.includes(all));
    });
    await Promise.all(clients.slice(masterCount).map((client, index) => follow(client, clients[index])));
  } finally {
    for (const client of clients) client.disconnect();
  }
  return nodes;
}

/** Makes a node the replica of a master, and waits until it has its data. */
async function follow(replica: Redis, master: Redis | undefined): Promise<void> {
  await replica.call('CLUSTER', 'REPLICATE', String(await master?.call('CLUSTER', 'MYID')));
  await until('the replica follows', async () => (await replica.info('replication')).includes('master_link_status:up'));
}

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

/** What the processes of an account need of an ACL user at least, as arguments of `ACL SETUSER`; docs/deploy.md says why. */
export function leastRights(prefix: string): readonly string[] {
  return [`~${prefix}:*`, '-@all', '+@read', '+@write', '+@connection', '+@scripting', '-@dangerous', '+time'];
}

/** So that a wrong eviction policy, missing persistence and a fail-over are noticed. */
export const rightsOfInfo: readonly string[] = ['+info', '+config|get'];

/** So that the nodes of a cluster are found. */
export const rightsOfCluster: readonly string[] = ['+cluster|slots', '+cluster|info'];
