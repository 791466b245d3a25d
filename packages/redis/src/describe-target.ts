import type { RedisTarget } from './parse-redis-url.ts';

/** Where Redis is, for people: addresses without user name and password. */
export function describeTarget({ kind, nodes, socketPath, masterName, db, tls }: RedisTarget): string {
  if (kind === 'socket') return socketPath;
  const hosts = nodes.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(',');
  const scheme = tls ? 'rediss' : 'redis';
  if (kind === 'sentinel') return `${scheme}+sentinel://${hosts}/${masterName}/${db}`;
  return kind === 'cluster' ? `cluster ${scheme}://${hosts}` : `${scheme}://${hosts}/${db}`;
}
