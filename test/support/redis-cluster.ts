import { Redis } from 'ioredis';
import { freePort, type RedisProcess, startRedisProcess } from './redis-servers.ts';
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
