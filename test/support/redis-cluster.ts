import { Redis } from 'ioredis';
import { freePort, type RedisProcess, startRedisProcess } from './redis-process.ts';
import { until } from './until.ts';

const slots = 16_384;

/** Starts a Redis Cluster of three masters without replicas; it ends after the test. */
export async function startRedisCluster(
  afterTest: (work: () => Promise<void>) => void,
): Promise<readonly RedisProcess[]> {
  const buses = [await freePort(), await freePort(), await freePort()];
  const cluster = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '5000', '--appendonly', 'yes'];
  const nodes = await Promise.all(
    buses.map((bus) => startRedisProcess({ afterTest, args: [...cluster, '--cluster-port', String(bus)] })),
  );
  const clients = nodes.map(({ url }) => new Redis(url));
  try {
    for (const [index, client] of clients.entries()) {
      const [from, to] = [index, index + 1].map((part) => Math.floor((part * slots) / nodes.length));
      await client.call('CLUSTER', 'ADDSLOTSRANGE', from ?? 0, (to ?? 0) - 1);
      await client.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
      const next = (index + 1) % nodes.length;
      await client.call('CLUSTER', 'MEET', '127.0.0.1', nodes[next]?.port ?? 0, buses[next] ?? 0);
    }
    await until('each node knows the whole cluster', async () => {
      const infos = await Promise.all(clients.map((client) => client.cluster('INFO')));
      return infos.every((info) => /cluster_state:ok/.test(info) && /cluster_known_nodes:3/.test(info));
    });
  } finally {
    for (const client of clients) client.disconnect();
  }
  return nodes;
}
