import { randomUUID } from 'node:crypto';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RedisServer } from '@inventory/redis';
import { Redis } from 'ioredis';
import { openTestAccount, type TestAccount } from '../support/account.ts';
import { makeCertificates } from '../support/certificates.ts';
import { forwardProxy, refusal } from '../support/forward-proxy.ts';
import { startOwnRedis } from '../support/redis-servers.ts';
import { startRelay } from '../support/relay.ts';
import { makeSettableClock } from '../support/settable-clock.ts';
import { libraryOf, type Plan } from './plan.ts';
import { keepProcesses } from './processes.ts';

/** The three state files, parsed. */
export type StateFiles = Awaited<ReturnType<TestAccount['files']>>;

/** What a run happens in: account, Redis, connections and processes. */
export type World = Awaited<ReturnType<typeof openWorld>>;

/** Lines of a settings file that a new token must leave alone. */
export const otherEnvLines = '# kept as it is\nUNKNOWN="to us"\n';

/** Builds the world of a plan in a temporary folder. */
export async function openWorld(plan: Plan, program: RedisServer) {
  const closing: (() => Promise<unknown>)[] = [];
  const afterRun = (work: () => Promise<unknown>): void => void closing.unshift(work);
  const clientSecret = `chaos-secret-${randomUUID()}`;
  const password = `chaos-password-${randomUUID()}`;
  const proxyPassword = `chaos@proxy:${randomUUID()}`;
  const certificates = plan.proxied ? await makeCertificates(afterRun) : null;
  const tls = certificates && {
    key: await readFile(certificates.key, 'utf8'),
    certificate: await readFile(certificates.certificate, 'utf8'),
  };
  const { seed, clocks } = plan;
  const clockSkewMs = clocks?.serverShiftMs ?? 0;
  const options = { ...plan.sandbox, ...(tls && { tls }), library: libraryOf(plan), clientSecret, clockSkewMs, seed };
  const account = await openTestAccount(options, '');
  afterRun(account.close);
  const folder = dirname(account.stateDir);
  const isClockSet = plan.events.some(({ trouble }) => trouble.kind === 'redis-clock');
  const clock = isClockSet ? await makeSettableClock(folder) : null;
  const redis = await startOwnRedis(afterRun, {
    program: { ...program, env: { ...program.env, ...clock?.env } },
    args: ['--requirepass', password, '--appendfsync', 'everysec'],
  });
  const lines = {
    redis: await startRelay({ to: redis.url, afterTest: afterRun }),
    api: await startRelay({ to: Number(new URL(account.sandbox.url).port), afterTest: afterRun }),
  };
  const proxy = certificates && (await startProxy('chaos', proxyPassword, afterRun));
  const api = `${proxy ? 'https://api.test' : 'http://127.0.0.1'}:${lines.api.port}`;
  const envFile = plan.envFile ? join(folder, 'settings.env') : null;
  if (envFile !== null) await writeFile(envFile, otherEnvLines, { mode: 0o600 });
  const settings: Readonly<Record<string, string>> = {
    ...account.settings,
    ...plan.settings,
    API_BASE_URL: api,
    TOKEN_URL: `${api}${new URL(account.sandbox.tokenUrl).pathname}`,
    ...(proxy && {
      HTTPS_PROXY: `http://chaos:${encodeURIComponent(proxyPassword)}@127.0.0.1:${proxy.port}`,
      NODE_EXTRA_CA_CERTS: certificates.authority,
    }),
    REDIS_URL: `redis://:${password}@127.0.0.1:${lines.redis.port}`,
    LOG_LEVEL: 'trace',
    ...(envFile !== null && { ENV_FILE: envFile }),
  };
  const client = new Redis(redis.url, { password, maxRetriesPerRequest: null, retryStrategy: () => 50 });
  client.on('error', () => undefined);
  afterRun(async () => client.disconnect());
  return {
    account,
    /** Append-only with `everysec`. It can die and come back with what its file holds. */
    redis,
    /** Redis' clock, where it will be set and this machine has a compiler for it. */
    clock,
    /** The runner's own connection, past the line that is cut. */
    client,
    prefix: settings['QUEUE_PREFIX'] ?? '',
    lines,
    /** Through which all requests go, or null. */
    proxy,
    processes: keepProcesses(settings, plan),
    /** The settings file, or null. */
    envFile,
    /** What must not stand anywhere. */
    secrets: [
      ...[clientSecret, password, proxyPassword, encodeURIComponent(proxyPassword)],
      ...['sandbox-token-', 'transcript-marker', 'video-marker'],
    ],
    async close(): Promise<void> {
      for (const close of closing) await close();
    },
  };
}

/** Takes the last bytes off the append-only file of a Redis that is dead. @returns what was lost */
export async function loseTail({ redis }: World, bytes: number): Promise<string> {
  const log = join(redis.folder, 'appendonlydir');
  const files = (await readdir(log)).filter((name) => name.endsWith('.incr.aof'));
  // There are two for a moment while it is rewritten; the writes go to the one with the higher number.
  const last = files.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  if (last === undefined) return '';
  const whole = await readFile(join(log, last));
  const kept = Math.max(0, whole.length - bytes);
  await truncate(join(log, last), kept);
  return whole.subarray(kept).toString();
}

/** A proxy for one user, which refuses everybody else with 407. */
async function startProxy(user: string, password: string, afterRun: (work: () => Promise<unknown>) => void) {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  let refusing: string | null = null;
  const proxy = await forwardProxy(({ headers }) => {
    const isUser = headers['proxy-authorization'] === authorization;
    const status = isUser ? refusing : '407 Proxy Authentication Required';
    return status === null ? null : refusal(status, '<!doctype html><html><h1>The proxy says no</h1></html>');
  });
  afterRun(async () => proxy[Symbol.asyncDispose]());
  return {
    port: proxy.port,
    /** Breaks all tunnels, and refuses new ones with a status unless it is null. @returns what ends that */
    cut(status: number | null): () => void {
      refusing = status === null ? null : `${status} No`;
      proxy.cut();
      return () => {
        refusing = null;
      };
    },
  };
}
