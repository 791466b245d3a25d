import { getEventListeners } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster, Redis } from 'ioredis';
import { expect, inject, onTestFinished, test } from 'vitest';
import { freePort, startRedisProcess } from '../../../test/support/redis-servers.ts';
import { startRelay } from '../../../test/support/relay.ts';
import { until } from '../../../test/support/until.ts';
import { recordedLogger } from '../testing/recorded-logger.ts';
import { redisAway } from './client.ts';
import { type OpenRedisOptions, openRedis, type RedisAccess } from './open-redis.ts';

async function open(redisUrl: string, extras: Partial<OpenRedisOptions> = {}): Promise<RedisAccess> {
  const { logger } = recordedLogger();
  const runtime = await openRedis({ redisUrl, dataDir: join(tmpdir(), 'unused'), name: 'test', logger, ...extras });
  onTestFinished(runtime.close);
  return runtime;
}

async function redis(args: readonly string[] = []): Promise<number> {
  return (await startRedisProcess({ afterTest: onTestFinished, args })).port;
}

test('every connection is a new one, named after the process and its purpose', async () => {
  const runtime = await open(inject('redisUrl'));
  const [queue, other] = [runtime.connect('queue'), runtime.connect('some thing')];
  expect(await queue.client('GETNAME')).toBe('inventory:test:queue');
  expect(await other.client('GETNAME')).toBe('inventory:test:some-thing');
  expect(queue.options).toMatchObject({ maxRetriesPerRequest: null });
});

test('closing ends the connections that are open, also one that blocks, and can be done twice', async () => {
  const runtime = await open(inject('redisUrl'));
  const [blocked, ended, idle] = [runtime.connect('blocked'), runtime.connect('ended'), runtime.connect('idle')];
  const waiting = blocked.blpop('{open-redis}:nothing', 0).catch((error: Error) => error.message);
  await Promise.all([ended.quit(), idle.ping()]);
  await until('it blocks', async () => /cmd=blpop/.test(String(await idle.client('LIST'))));
  await Promise.all([runtime.close(), runtime.close()]);
  expect(await waiting).toContain('closed');
  expect([blocked.status, ended.status, idle.status]).toEqual(['end', 'end', 'end']);
  expect(() => runtime.connect('late')).toThrow('closed');
});

test('a Redis that goes on answering is asked again and again, and no question leaves a listener behind', async () => {
  const client = (await open(inject('redisUrl'))).connect('away');
  const giveUp = new AbortController();
  let questions = 0;
  const ping = client.ping.bind(client);
  client.ping = () => {
    questions += 1;
    return ping();
  };
  const away = redisAway(client, 5_000, giveUp.signal);
  await until('it has asked often', async () => questions > 4);
  expect(getEventListeners(giveUp.signal, 'abort').length).toBeLessThanOrEqual(1);
  giveUp.abort();
  await away;
});

test('a Redis that does not answer is named, with what to do and without the password', async () => {
  const port = await freePort();
  const opened = open(`redis://user:geheim@127.0.0.1:${port}`, { answerWithinMs: 500 });
  const message = `Redis at redis://127.0.0.1:${port}/0 does not answer (ECONNREFUSED). Check that it runs`;
  await expect(opened).rejects.toMatchObject({
    name: 'RedisUnavailableError',
    message: expect.stringContaining(message),
  });
  await expect(opened).rejects.not.toMatchObject({ message: expect.stringContaining('geheim') });
});

test('a Redis that comes up within the time is waited for', async () => {
  const port = await freePort();
  const opened = open(`redis://127.0.0.1:${port}`);
  await startRedisProcess({ afterTest: onTestFinished, port });
  expect(await (await opened).connect('check').ping()).toBe('PONG');
});

test('a wrong or missing password is refused at once, and the right one works', async () => {
  const port = await redis(['--requirepass', 'ge/he%im']);
  const refused = {
    name: 'RedisUnavailableError',
    message: expect.stringContaining('refuses the user name or password'),
  };
  await expect(open(`redis://:falsch@127.0.0.1:${port}`)).rejects.toMatchObject(refused);
  const missing = { name: 'RedisUnavailableError', message: expect.stringContaining('asks for a password') };
  await expect(open(`redis://127.0.0.1:${port}`)).rejects.toMatchObject(missing);
  const runtime = await open(`redis://:ge%2Fhe%25im@127.0.0.1:${port}/3`);
  expect(runtime.describe()).toBe(`redis://127.0.0.1:${port}/3`);
  expect(await runtime.connect('check').client('INFO')).toContain('db=3');
});

test('a database that does not exist is refused, so that nothing lands in another one', async () => {
  const port = await redis();
  await expect(open(`redis://127.0.0.1:${port}/99`)).rejects.toThrow('has no database 99');
});

test('a replica is refused, since nothing can be written to it', async () => {
  const port = await redis(['--replicaof', '127.0.0.1 1']);
  await expect(open(`redis://127.0.0.1:${port}`)).rejects.toThrow('address of its master');
});

test('TLS to a Redis that speaks none is named as a possible reason', async () => {
  const port = await redis();
  await expect(open(`rediss://127.0.0.1:${port}`, { answerWithinMs: 1000 })).rejects.toThrow('if it speaks no TLS');
});

test('a single address that is a cluster is used as one; a list that is none is refused', async () => {
  const port = await redis(['--cluster-enabled', 'yes']);
  const clustered = await open(`redis://127.0.0.1:${port}`);
  expect(clustered.connect('check')).toBeInstanceOf(Cluster);
  const single = await redis();
  await expect(open(`redis://127.0.0.1:${single},redis://127.0.0.1:${single}`)).rejects.toThrow('is not a cluster');
});

test('lost connections are said once, come back by themselves, and commands wait meanwhile', async () => {
  const port = await freePort();
  const first = await startRedisProcess({ afterTest: onTestFinished, port });
  const { logger, lines } = recordedLogger();
  const runtime = await open(`redis://127.0.0.1:${port}`, { logger });
  const [one, two] = [runtime.connect('one'), runtime.connect('two')];
  await Promise.all([one.ping(), two.ping()]);
  await first.kill();
  const answers = Promise.all([one.ping(), two.ping()]);
  await until('the loss is said', () => lines.some((line) => line.includes('Lost the connection')));
  await startRedisProcess({ afterTest: onTestFinished, port });
  expect(await answers).toEqual(['PONG', 'PONG']);
  await until('the return is said', () => lines.some((line) => line.includes('is back')));
  expect(lines.filter((line) => /Lost|is back/.test(line))).toEqual([
    `warn Lost the connection to Redis at redis://127.0.0.1:${port}/0 (connection closed): waiting until it is back.`,
    `info Redis at redis://127.0.0.1:${port}/0 is back.`,
  ]);
});

test('a Redis that may lose the queue is warned of', async () => {
  const { logger, lines } = recordedLogger();
  await open(`redis://127.0.0.1:${await redis(['--maxmemory-policy', 'allkeys-lru'])}`, { logger });
  expect(lines.join('\n')).toMatch(/^warn .*maxmemory-policy allkeys-lru.*\nwarn .*keeps nothing on disk/);
});

test('a Redis with append-only persistence, or one that forbids CONFIG, is no reason for a warning', async () => {
  const { logger, lines } = recordedLogger();
  await open(`redis://127.0.0.1:${await redis(['--rename-command', 'CONFIG', 'HIDDEN'])}`, { logger });
  expect(lines).toEqual([expect.stringMatching(/^debug .*CONFIG/)]);
});

test('a connection that a network lost without a word is replaced, and its commands are sent again', async () => {
  const { port, loseConnections } = await startRelay({ to: await redis(), afterTest: onTestFinished });
  const { logger, lines } = recordedLogger();
  const client = (await open(`redis://127.0.0.1:${port}`, { logger })).connect('main');
  await client.set('{open-redis}:before', '1');
  loseConnections();
  expect(await client.get('{open-redis}:before')).toBe('1');
  expect(lines.filter((line) => /Lost the connection|is back/.test(line))).toHaveLength(2);
});

test('a Redis that cannot save its data, or runs no scripts, is named as such at once', async () => {
  const port = await redis(['--dir', '/proc']);
  const client = new Redis(port);
  onTestFinished(() => client.disconnect());
  await client.config('SET', 'save', '1 1');
  await client.set('{x}', 1);
  await client.bgsave().catch(() => undefined);
  await until('the save has failed', async () => /rdb_last_bgsave_status:err/.test(await client.info('persistence')));
  await expect(open(`redis://127.0.0.1:${port}`)).rejects.toMatchObject({
    name: 'RedisUnavailableError',
    message: expect.stringMatching(/takes no writes.*could not save its data \(MISCONF\)/),
  });
  const without = await redis(['--rename-command', 'EVAL', '', '--rename-command', 'EVALSHA', '']);
  await expect(open(`redis://127.0.0.1:${without}`)).rejects.toMatchObject({
    name: 'RedisUnavailableError',
    message: expect.stringContaining('does not run Lua scripts (EVAL and EVALSHA)'),
  });
});
